import type { Page } from '@playwright/test';

/** Resolves once the page's worker has taken over and keeps the page: from then on it opens without a connection. */
export async function keptOffline(page: Page, path: string): Promise<void> {
  await page.evaluate(async (address) => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller === null) {
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true })
      );
    }
    // The Cache API tells nothing when something is added.
    while ((await caches.match(address)) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }, path);
}
