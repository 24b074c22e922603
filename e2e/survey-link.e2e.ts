import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { readTransactions, recordTransactions } from './durability.ts';
import { keptOffline } from './kept-offline.ts';
import { openNetwork, type Network } from './network.ts';
import { surveyPath } from './page-models/survey-link.ts';

/** Everything counted: page, script, style, worker, data. */
const budget = { bytes: 100_000, requests: 12 };

let network: Network;

test.beforeEach(async ({ server }) => {
  network = await openNetwork(server.url);
});

test.afterEach(async () => {
  await network.close();
});

async function opened(page: Page, path: string): Promise<void> {
  await page.goto(network.url + path);
  await expect(page.locator('html[data-survey=ready]')).toBeAttached();
}

test('the first load of the link fits its budget, everything counted', async ({ openDevice, server }) => {
  const page = await (await openDevice(screens.phone)).newPage();
  const path = surveyPath(server.links());
  // The demonstration's own parts are in no real link, and the page does without them.
  await page.route('**/survey/assets/demonstration.*', (route) => route.abort());
  await opened(page, path);
  await keptOffline(page, path);
  console.log(`first load: ${network.bytesDown()} bytes in ${network.requests().length} requests`);
  expect(network.requests().length).toBeLessThanOrEqual(budget.requests);
  expect(network.bytesDown()).toBeLessThanOrEqual(budget.bytes);
});

test('the first question can be read before any script has run', async ({ openDevice, server }) => {
  const context = await openDevice({ ...screens.phone, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(network.url + surveyPath(server.links()));
  await expect(page.getByText('В каком населённом пункте вы живёте или работаете?')).toBeVisible();
});

test('a questionnaire is filled in without a connection, survives the tab and goes when the link is back', async ({
  openDevice,
  server
}) => {
  const page = await (await openDevice(screens.phone)).newPage();
  await page.addInitScript(recordTransactions);
  const path = surveyPath(server.links());
  await opened(page, path);
  await keptOffline(page, path);
  network.cut(true);

  await page.getByRole('button', { name: 'Начать' }).click();
  await page.getByLabel('Шеркалы').check();
  await page.getByRole('button', { name: 'Дальше' }).click();
  await page.getByLabel('Инициативную группу').check();
  await expect(page.getByText('Сохранено на телефоне')).toBeVisible();
  // Both answers and the phone's identity, each on the disk.
  const writes = await page.evaluate(readTransactions);
  expect(writes.length).toBeGreaterThanOrEqual(2);
  expect(new Set(writes)).toEqual(new Set(['strict']));

  await page.reload();
  await page.getByRole('button', { name: 'Продолжить с вопроса 2' }).click();
  await expect(page.getByLabel('Инициативную группу')).toBeChecked();
  await page.getByRole('button', { name: 'Дальше' }).click();
  await page.getByLabel('Обучение', { exact: true }).check();
  await page.getByLabel('Консультирование').check();
  await page.getByRole('button', { name: 'Дальше' }).click();

  await page.goBack();
  await expect(page.getByLabel('Консультирование')).toBeChecked();
  await page.getByRole('button', { name: 'Дальше' }).click();
  const submit = page.getByRole('button', { name: 'Отправить анкету' });
  const next = page.getByRole('button', { name: 'Дальше' });
  while (!(await submit.isVisible())) {
    const before = await page.locator('main').textContent();
    await next.click();
    await expect(page.locator('main')).not.toHaveText(before ?? '');
  }
  await submit.click();
  await expect(page.getByText('Анкета сохранена на телефоне')).toBeVisible();
  await expect(page.getByText(/Номер анкеты: [А-Я]+-\d{3}/)).toBeVisible();

  network.cut(false);
  await page.getByRole('button', { name: 'Отправить сейчас' }).click();
  await expect(page.getByText('Анкета доставлена')).toBeVisible();
});

test('an exclusive answer takes the others off, says so and puts them back', async ({
  openDevice,
  server
}) => {
  const page = await (await openDevice(screens.phone)).newPage();
  await opened(page, surveyPath(server.links()));
  await page.getByRole('button', { name: 'Начать' }).click();
  await page.getByRole('button', { name: 'Дальше' }).click();
  await page.getByRole('button', { name: 'Дальше' }).click();
  await page.getByLabel('Обучение', { exact: true }).check();
  await page.getByLabel('Ни в какой').check();
  await expect(page.getByLabel('Обучение', { exact: true })).not.toBeChecked();
  await page.getByRole('button', { name: 'Вернуть' }).click();
  await expect(page.getByLabel('Обучение', { exact: true })).toBeChecked();
});
