import { attendanceId } from '#domain/records/attendance.ts';
import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import { openOfficeSession } from './office-session.ts';
import {
  enrolTablet,
  expectDelivered,
  openTodaysSheet,
  safetyLine,
  sendNow
} from './page-models/field-notebook.ts';
import { goTo, openOffice } from './page-models/office.ts';
import { markFirst, personOf } from './page-models/sheet.ts';

test.setTimeout(300_000);

test('a tablet without a network hands its work over as a file, gets a receipt back, and nothing is doubled', async ({
  openDevice,
  server
}) => {
  const network = await openNetwork(server.url);
  const field = await (await openDevice(screens.tablet)).newPage();
  const desk = await (await openDevice(screens.desk)).newPage();
  const office = await openOfficeSession(server);
  await enrolTablet(field, network.url, server.links());
  await openTodaysSheet(field);
  const session = new URL(field.url()).pathname.split('/').at(-1) ?? '';
  network.cut(true);
  await field.reload();
  const marks: string[] = [];
  for (let count = 0; count < 2; count += 1)
    marks.push(attendanceId(session, await personOf(field, await markFirst(field))));

  await safetyLine(field).click();
  const [bundle] = await Promise.all([
    field.waitForEvent('download'),
    field.getByRole('button', { name: 'Передать файлом' }).click()
  ]);
  await expect(field.getByText('Файл собран. Отдайте его координатору.')).toBeVisible();
  expect(bundle.suggestedFilename()).toMatch(/\.zimnik\.txt$/);

  await openOffice(desk, server.url, server.links());
  await goTo(desk, 'Планшеты');
  const openDialog = () => desk.getByRole('button', { name: 'Принять файл с планшета' }).click();
  const dialog = desk.getByRole('dialog');
  const choose = async (path: string): Promise<void> => {
    const [chooser] = await Promise.all([
      desk.waitForEvent('filechooser'),
      dialog.getByRole('button', { name: /Выбрать файл|Принять ещё файл/ }).click()
    ]);
    await chooser.setFiles(path);
  };
  await openDialog();
  await choose(await bundle.path());
  await expect(dialog.getByText(/файл принят$/)).toBeVisible();
  await expect(dialog.getByRole('definition')).toHaveText(['2']);
  const [receipt] = await Promise.all([
    desk.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Скачать квитанцию' }).click()
  ]);
  await choose(await bundle.path());
  await expect(dialog.getByRole('term')).toHaveText(['Принято записей', 'Уже были у центра']);
  await expect(dialog.getByRole('definition')).toHaveText(['0', '2']);
  await choose(await receipt.path());
  await expect(dialog.getByText(/Файл не открывается/)).toBeVisible();
  for (const mark of marks) {
    const present = (await office.history('attendance', mark)).filter(
      ({ set }) => set['status'] !== undefined
    );
    expect(present.map(({ by, outcome }) => [by, outcome])).toEqual([['ivan', 'applied']]);
  }

  const take = async (path: string): Promise<void> => {
    const [chooser] = await Promise.all([
      field.waitForEvent('filechooser'),
      field.getByRole('button', { name: 'Принять квитанцию' }).click()
    ]);
    await chooser.setFiles(path);
  };
  await take(await bundle.path());
  await expect(field.getByText(/Это не квитанция нашего центра/)).toBeVisible();
  await take(await receipt.path());
  await expect(field.getByText('Квитанция принята. Доставлено записей: 2.')).toBeVisible();
  await expect(field.getByText('Ничего не ждёт: всё доставлено.')).toBeVisible();
  await expect(field.getByText('передано файлом: 2, квитанция получена')).toBeVisible();

  const seq = await office.logSeq();
  network.cut(false);
  await sendNow(field);
  await expectDelivered(field);
  expect(await office.logSeq()).toBe(seq);
  await office.close();
  await network.close();
});
