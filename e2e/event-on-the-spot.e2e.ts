import { expect, screens, test } from './fixtures.ts';
import { addWalkIn } from './page-models/field-notebook.ts';

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
