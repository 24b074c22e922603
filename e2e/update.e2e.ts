import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

test.use({ serverMode: 'fresh' });

const offer = /Готова новая версия/;

test('a new version waits, is not applied over a half-filled form in another tab, and then reloads the app', async ({
  page,
  context,
  server
}) => {
  const publisher = await startPublisher(server.url);
  await openInstalled(page, publisher.url);
  const otherTab = await context.newPage();
  await otherTab.goto(publisher.url);
  await otherTab.evaluate(holdUnsavedForm);

  publisher.publishNext();
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect(page.getByText(offer)).toBeVisible();

  await page.getByRole('button', { name: 'Обновить' }).click();
  await expect(page.getByText(/Сначала сохраните начатое/)).toBeVisible();

  await otherTab.close();
  const reloaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Обновить' }).click();
  await reloaded;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText(offer)).toBeHidden();
  publisher.close();
});

async function openInstalled(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** What a form does while it holds something unwritten (`holdUnsaved`). */
async function holdUnsavedForm(): Promise<void> {
  await new Promise<void>((granted) => {
    void navigator.locks.request('zimnik-unsaved', { mode: 'shared' }, () => {
      granted();
      return new Promise(() => undefined);
    });
  });
}

type Publisher = { readonly url: string; readonly publishNext: () => void; readonly close: () => void };

/**
 * Stands before the server and, once told, gives out a worker that is one byte longer: to the browser a new version.
 * (A browser's look for a new worker passes by Playwright's own routing.)
 */
async function startPublisher(serverUrl: string): Promise<Publisher> {
  let published = false;
  const answerFor = async (path: string): Promise<{ status: number; type: string; body: Buffer }> => {
    const answer = await fetch(serverUrl + path);
    const body = Buffer.from(await answer.arrayBuffer());
    const isNext = published && path === '/service-worker.js';
    const type = answer.headers.get('content-type') ?? 'application/octet-stream';
    return { status: answer.status, type, body: isNext ? Buffer.concat([body, Buffer.from('\n')]) : body };
  };
  const proxy = createServer((request, response) => {
    void answerFor(request.url ?? '/').then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache' }).end(body);
    });
  });
  proxy.listen(0);
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return {
    url: `http://localhost:${address.port}`,
    publishNext: () => (published = true),
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    }
  };
}
