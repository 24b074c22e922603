import { percentile, withBigTablet } from './big-tablet.ts';
import type { Figure } from './result.ts';

const starts = 5;

/** The installed app is opened without a network: from the address until the roster stands on the screen. */
export async function coldStartOffline(): Promise<readonly Figure[]> {
  return withBigTablet(async ({ sheet, coldPage }) => {
    const times: number[] = [];
    for (let start = 0; start < starts; start += 1) {
      const page = await coldPage();
      await page.goto(sheet, { waitUntil: 'commit' });
      times.push(await page.evaluate(rosterShown));
      await page.close();
    }
    return [
      {
        question: 'cold start offline, roster on screen',
        ours: Math.round(percentile(times, 0.5)),
        unit: 'ms',
        target: 2_000
      }
    ];
  });
}

/** Runs in the page: ms from the start of its loading until the lines of the sheet are painted. */
async function rosterShown(): Promise<number> {
  while (document.querySelector('button.mark') === null) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now();
}
