import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const offer = /Готова новая версия/;

test('a new version waits, is not applied over a half-filled form in another tab, and then reloads the app', async ({
  page,
  context,
  server
}) => {
  const publisher = await startPublisher(server.url);
  await openInstalled(page, publisher.url, server.links());
  const otherTab = await context.newPage();
  await otherTab.goto(`${publisher.url}/field/event/new`);
  await otherTab.getByLabel('Название').fill('Встреча у печи');

  publisher.publishNext();
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect(page.getByText(offer)).toBeVisible();

  await page.getByRole('button', { name: 'Обновить' }).click();
  await expect(page.getByText(/Сначала сохраните начатое/)).toBeVisible();
  await expect(otherTab.getByLabel('Название')).toHaveValue('Встреча у печи');

  await otherTab.getByRole('button', { name: 'Записать и открыть лист' }).click();
  await expect(otherTab.getByRole('button', { name: 'Новый участник' })).toBeVisible();
  const reloaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Обновить' }).click();
  await reloaded;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText(offer)).toBeHidden();
  publisher.close();
});

async function openInstalled(page: Page, url: string, links: readonly string[]): Promise<void> {
  const link = links.find((one) => one.includes('/enrol/')) ?? '';
  await page.goto(url + new URL(link).pathname);
  await page.getByRole('link', { name: 'Открыть блокнот' }).click();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

type Answer = { readonly status: number; readonly type: string; readonly body: Buffer };

type Publisher = { readonly url: string; readonly publishNext: () => void; readonly close: () => void };

/**
 * Stands before the server and, once told, gives out a worker that is one byte longer: to the browser a new version.
 * (A browser's look for a new worker passes by Playwright's own routing.)
 */
async function startPublisher(serverUrl: string): Promise<Publisher> {
  let published = false;
  const answerFor = async (path: string, init: RequestInit): Promise<Answer> => {
    const answer = await fetch(serverUrl + path, init);
    const body = Buffer.from(await answer.arrayBuffer());
    const isNext = published && path === '/service-worker.js';
    const type = answer.headers.get('content-type') ?? 'application/octet-stream';
    return { status: answer.status, type, body: isNext ? Buffer.concat([body, Buffer.from('\n')]) : body };
  };
  const proxy = createServer((request, response) => {
    const path = request.url ?? '/';
    // Of the records only the key of the tablet is needed: the rest is as without a connection.
    if (path.startsWith('/api/') && path !== '/api/enrol') {
      response.destroy();
      return;
    }
    void initOf(request)
      .then((init) => answerFor(path, init))
      .then(({ status, type, body }) => {
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

async function initOf(request: IncomingMessage): Promise<RequestInit> {
  if (request.method !== 'POST') return {};
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.concat(parts) };
}
