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
    const floor = await page.evaluate(writeRaw, taps);
    return [
      {
        question: 'the storage alone: a strict transaction of the same rows, 95 of 100',
        ours: percentile(floor, 0.95),
        unit: 'ms',
        target: 50
      },
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
  /** Only lines near the screen are in the page: a person who has marked them scrolls on. */
  const nextLine = async (place: number): Promise<HTMLButtonElement | undefined> => {
    for (let screens = 0; screens < 40; screens += 1) {
      const line = document.querySelectorAll<HTMLButtonElement>('button.mark[aria-pressed=false]')[place];
      if (line !== undefined) return line;
      scrollBy(0, innerHeight);
      await frame();
      await frame();
    }
    return undefined;
  };
  const waits: number[] = [];
  // The register and its search index are being read when the sheet appears: a person looks before the first tap.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const watching = watchFrames();
  for (let tap = 0; tap < count; tap += 1) {
    const line = await nextLine(tap % 7);
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

/** Runs in the page: what a tap stores, without any program around it; gives the ms of each transaction. */
async function writeRaw(count: number): Promise<number[]> {
  const finished = <Result>(request: IDBRequest<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('The storage refused'));
    });
  const name = (await indexedDB.databases()).find((one) => one.name?.startsWith('zimnik/field-'))?.name ?? '';
  const database = await finished(indexedDB.open(name));
  const stores = ['meta', 'records', 'confirmed', 'outbox'];
  const waits: number[] = [];
  for (let tap = 0; tap < count; tap += 1) {
    await new Promise(requestAnimationFrame);
    const startedAt = performance.now();
    const tx = database.transaction(stores, 'readwrite', { durability: 'strict' });
    const done = new Promise((resolve) => (tx.oncomplete = resolve));
    const key = ['bench', `floor-${tap}`];
    const [state] = await Promise.all([
      finished<unknown>(tx.objectStore('meta').get('state')),
      finished(tx.objectStore('records').get(key)),
      finished(tx.objectStore('confirmed').get(key))
    ]);
    const body = { plain: { by: 'bench', at: 1_764_000_000_000, f: { status: 'present' } } };
    tx.objectStore('meta').put(state);
    tx.objectStore('records').put({ e: key[0], k: key[1], seq: 0, streams: [], mentions: {}, body });
    tx.objectStore('confirmed').put({ e: key[0], k: key[1], body: null });
    tx.objectStore('outbox').put({ n: 1_000_000 + tap, w: 0, keys: [key.join('/')], body });
    await done;
    waits.push(performance.now() - startedAt);
  }
  database.close();
  return waits;
}
