import { keptOffline } from '../e2e/kept-offline.ts';
import { link2g, openNetwork } from '../e2e/network.ts';
import { removeData, startServer } from '../e2e/server.ts';
import { openBrowser } from './browser.ts';
import type { Figure } from './result.ts';

/** First load of a survey link, everything counted: bytes, requests, and the times at 2G (600 ms, 50 kbit/s). */
export async function surveyFirstLoad(): Promise<readonly Figure[]> {
  const server = await startServer({ mode: 'demo' });
  const network = await openNetwork(server.url);
  const browser = await openBrowser();
  try {
    const link = server.links().find((one) => one.includes('/survey/')) ?? '';
    const path = new URL(link).pathname;
    const context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: 'ru-RU' });
    const page = await context.newPage();
    network.shape(link2g);
    const startedAt = performance.now();
    await page.goto(network.url + path, { waitUntil: 'commit' });
    await page.getByText('В каком населённом пункте').waitFor();
    const readableMs = performance.now() - startedAt;
    await page.locator('html[data-survey=ready]').waitFor({ state: 'attached', timeout: 120_000 });
    const usableMs = performance.now() - startedAt;
    await keptOffline(page, path);
    const bytes = network.bytesDown();
    const requests = network.requests().length;

    network.cut(true);
    const again = performance.now();
    await page.reload({ waitUntil: 'commit' });
    await page.locator('html[data-survey=ready]').waitFor({ state: 'attached' });
    const offlineMs = performance.now() - again;
    return [
      { question: 'survey link, first load', ours: bytes, unit: 'bytes', target: 100_000 },
      { question: 'survey link, requests', ours: requests, unit: 'requests', target: 12 },
      {
        question: 'survey link at 2G, first question readable',
        ours: Math.round(readableMs),
        unit: 'ms',
        target: 12_000
      },
      { question: 'survey link at 2G, form usable', ours: Math.round(usableMs), unit: 'ms', target: 25_000 },
      {
        question: 'survey link, second visit offline',
        ours: Math.round(offlineMs),
        unit: 'ms',
        target: 1_000
      }
    ];
  } finally {
    await browser.close();
    await network.close();
    await server.stop();
    await removeData(server);
  }
}
