import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';

test.use({ ...screens.tablet });

test('a seminar from a cold start with no network: marks survive a reload and are delivered afterwards', async ({
  page,
  context,
  server
}) => {
  await page.goto(server.links().find((link) => link.includes('/enrol/')) ?? '');
  await page.getByRole('link', { name: 'Открыть блокнот' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Сегодня' })).toBeVisible();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await expect(page.getByText(/Всё доставлено/)).toBeVisible();

  await context.setOffline(true);
  await page.reload();
  await page.getByRole('link', { name: 'Создать мероприятие' }).last().click();
  await page.getByLabel('Название').fill('Встреча у печи');
  await page.getByLabel('Населённый пункт').selectOption({ label: 'Шеркалы' });
  await page.getByRole('button', { name: 'Записать и открыть лист' }).click();

  await addWalkIn(page, 'Ёркина', 'Фёкла');
  await addWalkIn(page, 'Зимовьев', 'Егор');
  await page.getByRole('button', { name: '+1 без имени' }).click();
  await expect(page.getByText('Присутствует: 3, из них 1 без имени')).toBeVisible();

  await page.reload();
  await expect(page.getByText('Отмечено 2 из 2')).toBeVisible();
  await expect(page.getByText('Присутствует: 3, из них 1 без имени')).toBeVisible();
  await expect(page.getByText(/записи? жд|записей ждут/)).toBeVisible();

  await page.getByRole('searchbox').fill('еркина');
  await expect(page.getByRole('button', { name: /Ёркина Фёкла: Присутствует/ })).toBeVisible();

  await context.setOffline(false);
  await expect(page.getByText(/Всё доставлено/)).toBeVisible();
});

async function addWalkIn(page: Page, surname: string, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Новый участник' }).click();
  await page.getByLabel('Фамилия', { exact: true }).fill(surname);
  await page.getByLabel('Имя', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Записать и отметить' }).click();
  await page.getByRole('button', { name: 'На бумаге, позже' }).click();
}
