import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { readTransactions, recordTransactions } from './durability.ts';
import { keptOffline } from './kept-offline.ts';
import { openNetwork, type Network } from './network.ts';
import { surveyPath } from './page-models/survey-link.ts';
import { expectAccessible } from './page-models/accessible.ts';

/** Everything counted: page, script, words, style, worker, and what only a demonstration has. */
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
  const context = await openDevice(screens.phone);
  let page = await context.newPage();
  await page.addInitScript(recordTransactions);
  const path = surveyPath(server.links());
  await opened(page, path);
  await expect(page.getByRole('heading', { name: 'Что сделано по прошлым ответам' })).toBeVisible();
  await expectAccessible(page, 'start');
  await keptOffline(page, path);
  network.cut(true);

  await page.getByRole('button', { name: 'Начать' }).click();
  await page.getByLabel('Начните писать').fill('шерк');
  await page.getByLabel('Шеркалы').check();
  await expectAccessible(page, 'settlement');
  await next(page);
  await page.getByLabel('Инициативную группу').check();
  await expect(page.getByText('Сохранено на телефоне')).toBeVisible();
  // Both answers and the phone's identity, each on the disk.
  const writes = await page.evaluate(readTransactions);
  expect(writes.length).toBeGreaterThanOrEqual(2);
  expect(new Set(writes)).toEqual(new Set(['strict']));

  // The messenger has killed the tab; the link is opened again, with what the messenger has put after it.
  await page.close();
  page = await context.newPage();
  await opened(page, `${path}?from=messenger`);
  await page.getByRole('button', { name: 'Продолжить с вопроса 2' }).click();
  await expect(page.getByLabel('Инициативную группу')).toBeChecked();
  await next(page);
  await page.getByLabel('Обучение', { exact: true }).check();
  await page.getByLabel('Консультирование').check();
  await page.getByLabel('Ни в какой').check();
  await expect(page.getByLabel('Обучение', { exact: true })).not.toBeChecked();
  await page.getByRole('button', { name: 'Вернуть' }).click();
  await expect(page.getByLabel('Обучение', { exact: true })).toBeChecked();
  await next(page);

  // The phone's own «Назад» is the previous question.
  await page.goBack();
  await expect(page.getByLabel('Консультирование')).toBeChecked();
  for (const question of ['Что из отмеченного', 'Какой формат', 'Что мешает', 'Что ещё']) {
    await next(page);
    await expect(page.getByText(question)).toBeVisible();
    await expectAccessible(page, question);
  }
  await next(page);

  // A name that is typed and not left is never lost without a word.
  await page.getByLabel('Имя', { exact: true }).fill('Галина');
  await next(page);
  await expect(page.getByText('Имя и телефон ещё не записаны')).toBeVisible();
  await page.getByLabel('Телефон', { exact: true }).fill('8 912 345-67-89');
  await page.getByLabel(/Даю согласие/).check();
  await expectAccessible(page, 'contact');
  await page.getByRole('button', { name: 'Оставить номер' }).click();
  await expect(page.getByText('сохранены отдельно от ответов')).toBeVisible();
  await next(page);

  await expect(page.getByRole('heading', { name: 'Проверьте ответы' })).toBeVisible();
  await expectAccessible(page, 'summary');
  await page.getByRole('button', { name: 'Отправить анкету' }).click();
  await expect(page.getByText('Анкета сохранена на телефоне')).toBeVisible();
  const number = (await page.getByText(/^[А-Я]+-\d{3}$/).textContent()) ?? '';
  await expectAccessible(page, 'waiting');

  network.cut(false);
  await page.getByRole('button', { name: 'Отправить сейчас' }).click();
  await expect(page.getByText('Анкета доставлена')).toBeVisible();

  await page.getByRole('button', { name: 'Ответить ещё' }).click();
  await walk(page, 'Дальше', 'Отправить анкету', 'more');
  await page.getByRole('button', { name: 'Отправить анкету' }).click();
  await expect(page.getByText('Анкета доставлена')).toBeVisible();
  await expect(page.getByText(number, { exact: true })).toBeVisible();

  // The neighbour finds the number and nothing of the answers.
  await page.getByRole('button', { name: 'Передать другому' }).click();
  await page.getByRole('button', { name: 'Отправленные анкеты: 1' }).click();
  await expect(page.getByText(number)).toBeVisible();
  await expect(page.getByText('доставлено')).toBeVisible();
  await expect(page.getByText('Посмотреть ответы')).toHaveCount(0);
  await expectAccessible(page, 'list');
  await page.goBack();

  // The neighbour answers in English, under a number of its own.
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expectAccessible(page, 'start in English');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: /^Show all/ }).click();
  await page.getByLabel('Приобье').check();
  await page.getByRole('button', { name: 'Next' }).click();
  await walk(page, 'Next', 'Send the questionnaire', 'in English');
  await expectAccessible(page, 'summary in English');
  await page.getByRole('button', { name: 'Send the questionnaire' }).click();
  await expect(page.getByText('Delivered. Thank you.')).toBeVisible();
  await expect(page.getByText(number)).toHaveCount(0);
  await expectAccessible(page, 'delivered in English');
  // After sending, «Назад» is the start, not the questions that are gone.
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Start' })).toBeVisible();
});

/** Through the rest of a part without an answer, up to its summary. */
async function walk(page: Page, word: string, end: string, screen: string): Promise<void> {
  const submit = page.getByRole('button', { name: end });
  while (!(await submit.isVisible())) {
    await expectAccessible(page, screen);
    const before = (await page.locator('main').textContent()) ?? '';
    await page.getByRole('button', { name: word, exact: true }).click();
    await expect(page.locator('main')).not.toHaveText(before);
  }
}

async function next(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Дальше' }).click();
}
