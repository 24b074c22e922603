import { percentile, withBigTablet } from './big-tablet.ts';
import type { Figure } from './result.ts';

const taps = 60;

/** From a tap on a line of the sheet until it says that the mark is stored: after the strict commit. */
export async function tapToDurable(): Promise<readonly Figure[]> {
  return withBigTablet(async ({ sheet, coldPage }) => {
    const page = await coldPage();
    await page.goto(sheet);
    await page.locator('button.mark[aria-pressed=false]').nth(8).waitFor();
    await page.waitForLoadState('load');
    const { waits, frames } = await page.evaluate(tapLines, taps);
    return [
      { question: 'tap to «сохранено», half of them', ours: percentile(waits, 0.5), unit: 'ms', target: 50 },
      { question: 'tap to «сохранено», 95 of 100', ours: percentile(waits, 0.95), unit: 'ms', target: 50 },
      { question: 'longest frame while marking', ours: percentile(frames, 1), unit: 'ms', target: 100 }
    ];
  });
}

/** Runs in the page: taps untouched lines one after another; gives each wait and each frame, ms. */
async function tapLines(count: number): Promise<{ waits: number[]; frames: number[] }> {
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const frames: number[] = [];
  let isMeasuring = true;
  const watchFrames = async (): Promise<void> => {
    for (let before = await frame(); isMeasuring;) {
      const now = await frame();
      frames.push(now - before);
      before = now;
    }
  };
  const waits: number[] = [];
  // The register and its search index are being read when the sheet appears: a person looks before the first tap.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const watching = watchFrames();
  for (let tap = 0; tap < count; tap += 1) {
    const line = document.querySelectorAll<HTMLButtonElement>('button.mark[aria-pressed=false]')[tap % 7];
    if (line === undefined) break;
    const stored = new Promise<void>((resolve) => {
      new MutationObserver((_changes, observer) => {
        if (line.getAttribute('aria-pressed') !== 'true') return;
        observer.disconnect();
        resolve();
      }).observe(line, { attributes: true });
    });
    const startedAt = performance.now();
    line.click();
    await stored;
    waits.push(performance.now() - startedAt);
    await frame();
    await frame();
  }
  isMeasuring = false;
  await watching;
  return { waits, frames };
}
