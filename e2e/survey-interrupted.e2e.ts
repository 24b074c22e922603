import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { keptOffline } from './kept-offline.ts';
import { openNetwork, type Network } from './network.ts';
import { surveyPath } from './page-models/survey-link.ts';

test.setTimeout(300_000);
// A module whose bytes stop half-way is an error of the page, as it is in life.
test.use({ expectedProblems: [/./] });

let network: Network;

test.beforeEach(async ({ server }) => {
  network = await openNetwork(server.url);
});

test.afterEach(async () => {
  await network.close();
});

const ready = (page: Page) => page.locator('html[data-survey=ready]');
const firstQuestion = 'В каком населённом пункте вы живёте или работаете?';

for (const bytes of [14_000, 40_000, 70_000]) {
  test(`a link that drops after ${bytes} bytes leaves the words readable, and the page recovers by itself`, async ({
    openDevice,
    server
  }) => {
    const page = await (await openDevice(screens.phone)).newPage();
    const path = surveyPath(server.links());
    network.dropAfter(bytes);
    await page.goto(network.url + path, { waitUntil: 'commit' });
    await network.dropped();
    await expect(page.getByText(firstQuestion)).toBeVisible();
    // Nobody touches the phone: the page itself asks again.
    await expect(ready(page)).toBeAttached({ timeout: 60_000 });
    await expect(page.getByRole('button', { name: 'Начать' })).toBeVisible();
    await keptOffline(page, path);
  });
}

test('a link that drops every few seconds still brings the whole page', async ({ openDevice, server }) => {
  const page = await (await openDevice(screens.phone)).newPage();
  const path = surveyPath(server.links());
  network.dropAfter(30_000, 3);
  await page.goto(network.url + path, { waitUntil: 'commit' });
  await expect(ready(page)).toBeAttached({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Начать' })).toBeVisible();
});

test('a page of a captive portal in place of the program is recovered from', async ({
  openDevice,
  server
}) => {
  const page = await (await openDevice(screens.phone)).newPage();
  let portal = 1;
  await page.route('**/survey/assets/main.*.js', async (route) => {
    if (portal-- > 0)
      await route.fulfill({ contentType: 'text/html', body: '<!doctype html><p>Оплатите доступ</p>' });
    else await route.continue();
  });
  await page.goto(network.url + surveyPath(server.links()), { waitUntil: 'commit' });
  await expect(page.getByText(firstQuestion)).toBeVisible();
  await expect(ready(page)).toBeAttached({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Начать' })).toBeVisible();
});
