import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import { enrolTablet, openTodaysSheet, sendNow } from './page-models/field-notebook.ts';
import { openOffice, goTo, tableLine } from './page-models/office.ts';
import { markFirst, setStatus } from './page-models/sheet.ts';

test.setTimeout(300_000);

const sheet = /Лист · Шеркалы.*Школа социального проектирования/;

test('a returned sheet is a task at the tablet, is corrected without a network, and comes back with an answer', async ({
  openDevice,
  server
}) => {
  const network = await openNetwork(server.url);
  const field = await (await openDevice(screens.tablet)).newPage();
  const office = await (await openDevice(screens.desk)).newPage();
  await enrolTablet(field, network.url, server.links());
  await openTodaysSheet(field);
  const name = await markFirst(field);
  await sendNow(field);

  await openOffice(office, server.url, server.links());
  await goTo(office, 'Входящие');
  await tableLine(office, sheet).click();
  await office.getByRole('button', { name: 'Вернуть с замечанием' }).click();
  const dialog = office.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Уточните, кто опоздал');
  await dialog.getByRole('button', { name: 'Вернуть', exact: true }).click();
  await expect(dialog).toBeHidden();

  await sendNow(field);
  await expect(field.getByText('Уточните, кто опоздал')).toBeVisible();
  await field.goto(`${network.url}/field`);
  const task = field.getByRole('link', { name: /Уточните, кто опоздал/ });
  await expect(task).toBeVisible();

  network.cut(true);
  await task.click();
  await setStatus(field, name, 'С опозданием');
  await field.getByLabel('Что исправлено').fill('Время прихода записано');
  await field.getByRole('button', { name: 'Исправлено' }).click();
  await expect(field.getByText('Уточните, кто опоздал')).toHaveCount(0);

  network.cut(false);
  await sendNow(field);
  await expect(tableLine(office, sheet)).toContainText('изменено после проверки');
  await tableLine(office, sheet).click();
  await expect(office.getByText('Ответ: Время прихода записано')).toBeVisible();
  await network.close();
});
