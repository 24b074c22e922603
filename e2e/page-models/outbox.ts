import type { Page } from '@playwright/test';
import { expect } from '../fixtures.ts';

/**
 * Waits until everything that was written here has been acknowledged. The line on the screen hears of a write a moment after
 * it, so that «Всё доставлено» right after one may still be the word of before.
 */
export async function expectEmptyOutbox(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(countWaiting), { timeout: 30_000 }).toBe(0);
}

/** Operations that wait in the page's databases. */
async function countWaiting(): Promise<number> {
  let waiting = 0;
  for (const { name = '' } of await indexedDB.databases()) {
    waiting += await new Promise<number>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error ?? new Error(name));
      opening.onsuccess = () => {
        const database = opening.result;
        if (!database.objectStoreNames.contains('outbox')) {
          database.close();
          return resolve(0);
        }
        const counting = database.transaction('outbox').objectStore('outbox').count();
        counting.onerror = () => reject(counting.error ?? new Error(name));
        counting.onsuccess = () => {
          database.close();
          resolve(counting.result);
        };
      };
    });
  }
  return waiting;
}
