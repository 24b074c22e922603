import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { keptOffline } from './kept-offline.ts';
import { openNetwork } from './network.ts';
import { openOfficeSession } from './office-session.ts';
import { everyTypeSurvey } from './page-models/every-type-form.ts';
import { goTo, openOffice, tableLine } from './page-models/office.ts';
import { expectEmptyOutbox } from './page-models/outbox.ts';

test.setTimeout(120_000);

const link = 'vsetipy';

test('answers of every type go from the phone to the desk; refused, returned and late ones are corrected and sent from it', async ({
  openDevice,
  server
}) => {
  const network = await openNetwork(server.url);
  const session = await openOfficeSession(server);
  await session.write(everyTypeSurvey(link));
  const context = await openDevice({
    ...screens.phone,
    geolocation: { latitude: 62.5134, longitude: 65.6, accuracy: 12 },
    permissions: []
  });
  const phone = await context.newPage();
  await open(phone, network.url);
  await phone.getByRole('button', { name: 'Начать' }).click();
  await expect(phone.getByText('Сначала несколько слов о селе.')).toBeVisible();
  await next(phone);

  await phone.getByRole('button', { name: 'Связь: поставить на место 1' }).press('Enter');
  await phone.getByRole('button', { name: 'Дорога: поставить на место 2' }).press('Enter');
  await phone.getByRole('button', { name: 'Выше: Дорога' }).press('Enter');
  await expect(phone.getByRole('button', { name: 'Ниже: Дорога' })).toBeFocused();
  await next(phone);

  const day = phone.getByLabel('Когда открылся зимник?');
  await day.fill('31.02.2025');
  await day.press('Enter');
  await expect(phone.getByText('Такой даты нет')).toBeVisible();
  await expect(day).toBeFocused();
  await day.fill('23.12.2019');
  await next(phone);
  await expect(phone.getByText('Нужен день не раньше 2020 года.')).toBeVisible();
  await day.fill('23.12.2025');
  await next(phone);

  await phone.getByLabel('Название').fill('Обь');
  await phone.getByLabel('Мест').fill('4');
  await phone.getByRole('button', { name: 'Добавить ещё' }).click();
  await phone.getByLabel('Название').nth(1).fill('Сосьва');
  await next(phone);

  // The place may be refused, and is found once it is allowed.
  await phone.getByRole('button', { name: 'Определить место' }).click();
  await expect(phone.getByText('не разрешено')).toBeVisible();
  await context.grantPermissions(['geolocation']);
  await phone.getByRole('button', { name: 'Определить место' }).click();
  await expect(phone.getByText('Место записано: 62,5134; 65,6')).toBeVisible();
  await next(phone);
  await expect(phone.getByText('пока не передаются')).toBeVisible();
  await next(phone);
  await expect(phone.getByLabel('Сколько человек в группе?')).toHaveValue('5');
  await phone.getByLabel('Сколько человек в группе?').fill('12');
  await next(phone);
  await phone.getByLabel('Как вы справляетесь вдесятером?').fill('Дружно');
  await next(phone);

  // What reaches the centre is not what a phone can send: the centre refuses it, the phone keeps and corrects it.
  await keptOffline(phone, `/survey/${link}`);
  network.cut(true);
  await phone.getByRole('button', { name: 'Отправить анкету' }).click();
  await expect(phone.getByText('Анкета сохранена на телефоне')).toBeVisible();
  await spoilOutbox(phone);
  // A request that was on its way with the answers as they were goes with the old page.
  await open(phone, network.url);
  network.cut(false);
  await phone.getByRole('button', { name: 'Отправленные анкеты: 1' }).click();
  await expect(phone.getByText('Анкета не принята')).toBeVisible();
  const number = (await phone.getByText(/^[А-Я]+-\d{3}$/).textContent()) ?? '';
  await phone.getByRole('button', { name: 'Исправить ответы' }).click();
  await phone.getByRole('button', { name: 'Изменить: Как вы справляетесь вдесятером?' }).click();
  await phone.getByLabel('Как вы справляетесь вдесятером?').fill('Все вместе');
  await next(phone);
  await phone.getByRole('button', { name: 'Отправить анкету' }).click();
  await expect(phone.getByText('Анкета доставлена')).toBeVisible();
  await expect(phone.getByText(number, { exact: true })).toBeVisible();

  // The desk reads every type in words and returns it to the phone.
  const office = await (await openDevice(screens.desk)).newPage();
  await openOffice(office, server.url, server.links());
  await goTo(office, 'Входящие');
  const line = tableLine(office, new RegExp(number));
  await line.click();
  for (const words of [
    '1. Дорога',
    '23.12.2025',
    'Название: Обь; Мест: 4',
    '62,5134; 65,6 (± 12 м)',
    'Все вместе'
  ])
    await expect(office.getByText(words)).toBeVisible();
  await office.getByRole('button', { name: 'Вернуть с замечанием' }).click();
  const dialog = office.getByRole('dialog');
  await expect(dialog.getByText('на телефоне, с которого пришла анкета')).toBeVisible();
  await dialog.getByRole('textbox').fill('Уточните, сколько вас');
  await dialog.getByRole('button', { name: 'Вернуть', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expectEmptyOutbox(office);

  await open(phone, network.url);
  await phone.getByRole('button', { name: 'Отправленные анкеты: 1' }).click();
  await expect(phone.getByText('Уточните, сколько вас')).toBeVisible();
  await phone.getByRole('button', { name: 'Исправить ответы' }).click();
  await phone.getByRole('button', { name: 'Изменить: Сколько человек в группе?' }).click();
  await phone.getByLabel('Сколько человек в группе?').fill('7');
  await next(phone);
  network.cut(true);
  await phone.getByRole('button', { name: 'Отправить анкету' }).click();
  await expect(phone.getByText('Анкета сохранена на телефоне')).toBeVisible();

  // The survey ends before the phone is on line again: what it holds still arrives, nothing new is begun.
  await session.write([{ type: 'campaign', id: 'campaign-types', set: { state: 'closed' } }]);
  network.cut(false);
  await open(phone, network.url);
  await expect(phone.getByText('Опрос закончился.')).toBeVisible();
  await expect(phone.getByRole('button', { name: 'Начать' })).toHaveCount(0);
  await expect(line).toContainText('изменено после проверки');
  await phone.getByRole('button', { name: 'Отправленные анкеты: 1' }).click();
  await expect(phone.getByText('доставлено')).toBeVisible();
  await session.close();
  await network.close();
});

async function open(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/survey/${link}`);
  await expect(page.locator('html[data-survey=ready]')).toBeAttached();
}

async function next(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Дальше' }).click();
}

/** Makes the operation that waits on the phone one that no centre accepts, as a broken program would. */
async function spoilOutbox(page: Page): Promise<void> {
  await page.evaluate(async (name) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('The database does not open'));
    });
    await new Promise<void>((resolve) => {
      const transaction = database.transaction('outbox', 'readwrite');
      transaction.oncomplete = () => resolve();
      const cursors = transaction.objectStore('outbox').openCursor();
      cursors.onsuccess = () => {
        const cursor = cursors.result;
        if (cursor === null) return;
        const row = cursor.value as { body: { plain: { ch: { set: Record<string, unknown> }[] } } };
        for (const change of row.body.plain.ch) change.set['language'] = 'xx';
        cursor.update(row);
        cursor.continue();
      };
    });
    database.close();
  }, `zimnik/link-${link}`);
}
