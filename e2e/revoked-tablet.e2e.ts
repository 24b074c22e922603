import { readFile } from 'node:fs/promises';
import { attendanceId } from '#domain/records/attendance.ts';
import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import { openOfficeSession } from './office-session.ts';
import { enrolTablet, openSheet, openTodaysSheet, safetyLine } from './page-models/field-notebook.ts';
import { expectCounts, lineOf, markFirst, personOf } from './page-models/sheet.ts';

test.use({ ...screens.tablet });

test('a revoked tablet keeps its unsent marks, says so and hands them over as a file', async ({
  page,
  server
}) => {
  const network = await openNetwork(server.url);
  const office = await openOfficeSession(server);
  await enrolTablet(page, network.url, [
    network.url + (await office.enrolment('anna', 'Планшет на отключение'))
  ]);
  await openTodaysSheet(page);
  const session = new URL(page.url()).pathname.split('/').at(-1) ?? '';

  network.cut(true);
  const names = [await markFirst(page), await markFirst(page)];
  const marks = [];
  for (const name of names) marks.push(attendanceId(session, await personOf(page, name)));
  const tablet = (await office.devices()).find((one) => one.name === 'Планшет на отключение');
  await office.revoke(tablet?.device ?? '');

  network.cut(false);
  await safetyLine(page).click();
  await page.getByRole('button', { name: 'Отправить сейчас' }).click();
  await expect(safetyLine(page)).toHaveText(
    'Планшет отключён координатором. Неотправленное цело: передайте его файлом.'
  );

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Передать файлом' }).click()
  ]);
  await expect(page.getByText('Файл собран. Отдайте его координатору.')).toBeVisible();
  const content = JSON.parse(await readFile(await file.path(), 'utf8')) as HandedOver;
  expect(content.operations.map((operation) => operation.ch[0]?.k)).toEqual(marks);

  await openSheet(page, session);
  await expectCounts(page, 'Отмечено 2 из 18', 'Присутствует: 2');
  for (const name of names) await expect(lineOf(page, name)).toHaveAccessibleName(/: Присутствует$/);

  // What it brought after its revocation is held for the coordinator, and no record was changed by it.
  for (const mark of marks) {
    const entries = (await office.history('attendance', mark)).filter((one) => one.device === tablet?.device);
    expect(entries.map((one) => one.outcome)).toEqual(['held']);
  }
  await office.close();
  await network.close();
});

interface HandedOver {
  readonly operations: readonly { readonly ch: readonly { readonly k: string }[] }[];
}
