import { percentile, withBigTablet } from './big-tablet.ts';
import type { Figure } from './result.ts';

const queries = ['валеникоов', 'имяросу', 'диташе', 'мо су', 'ленин'];

/**
 * Typing into the sheet's search over 10,000 people: how long a key holds the page, and when what it finds is drawn. Keys
 * come one after another as soon as the page has drawn the one before, which is faster than anybody types.
 */
export async function search(): Promise<readonly Figure[]> {
  return withBigTablet(async ({ sheet, coldPage }) => {
    const page = await coldPage();
    await page.goto(sheet);
    await page.locator('button.mark').first().waitFor();
    const { held, found } = await page.evaluate(typeQueries, queries);
    return [
      {
        question: 'search, a key holds the page, half of them',
        ours: percentile(held, 0.5),
        unit: 'ms',
        target: 16
      },
      {
        question: 'search, a key holds the page, 95 of 100',
        ours: percentile(held, 0.95),
        unit: 'ms',
        target: 16
      },
      {
        question: 'search, until what is found is drawn, half of them',
        ours: percentile(found, 0.5),
        unit: 'ms'
      },
      {
        question: 'search, until what is found is drawn, 95 of 100',
        ours: percentile(found, 0.95),
        unit: 'ms'
      }
    ];
  });
}

/**
 * Runs in the page: types letter by letter; gives for each the ms until the page answers the next key, and the ms until
 * the found lines are in it.
 */
async function typeQueries(texts: readonly string[]): Promise<{ held: number[]; found: number[] }> {
  const field = document.querySelector<HTMLInputElement>('input[type=search]');
  const list = document.querySelector('ul.rows');
  if (field === null || list === null) throw new Error('The sheet has no search field or no lines');
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  // As soon as the page can do anything else: before timers and drawing.
  const channel = new MessageChannel();
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      channel.port1.onmessage = () => resolve();
      channel.port2.postMessage(0);
    });
  // The register and its search index are being read when the sheet appears.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const held: number[] = [];
  const found: number[] = [];
  for (const text of texts) {
    for (let length = 1; length <= text.length; length += 1) {
      await frame();
      const startedAt = performance.now();
      field.value = text.slice(0, length);
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await turn();
      held.push(performance.now() - startedAt);
      while (list.getAttribute('aria-busy') === 'true') await turn();
      found.push(performance.now() - startedAt);
    }
    field.value = '';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await frame();
    await frame();
  }
  return { held, found };
}
