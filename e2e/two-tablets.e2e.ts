import { attendanceId } from '#domain/records/attendance.ts';
import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import { openOfficeSession } from './office-session.ts';
import { enrolTablet, openSheet, openTodaysSheet, sendNow } from './page-models/field-notebook.ts';
import { expectCounts, lineOf, markPerson, personOf, setStatus, unmarked } from './page-models/sheet.ts';

test('two tablets hold one sheet without a network: both merge and no mark is lost', async ({
  openDevice,
  server
}) => {
  const network = await openNetwork(server.url);
  const office = await openOfficeSession(server);
  const first = await (await openDevice(screens.tablet)).newPage();
  const second = await (await openDevice(screens.tablet)).newPage();
  await enrolTablet(first, network.url, server.links());
  await enrolTablet(second, network.url, [network.url + (await office.enrolment('anna', 'Планшет № 2'))]);
  await openTodaysSheet(first);
  const session = new URL(first.url()).pathname.split('/').at(-1) ?? '';
  await openSheet(second, session);
  const names = await unmarked(first).evaluateAll((buttons) =>
    buttons.map((button) => (button.getAttribute('aria-label') ?? '').replace(/: Отметить$/, ''))
  );
  expect(names).toHaveLength(18);
  const [shared = '', ...others] = names;
  const sharedMark = attendanceId(session, await personOf(first, shared));

  network.cut(true);
  for (const name of others.slice(0, 3)) await markPerson(first, name);
  for (const name of others.slice(3, 5)) await markPerson(second, name);
  await markPerson(first, shared);
  await markPerson(second, shared);
  await setStatus(second, shared, 'Уход раньше');
  await second.getByRole('button', { name: '+1 без имени' }).click();
  await expectCounts(first, 'Отмечено 4 из 18', 'Присутствует: 4');
  await expectCounts(second, 'Отмечено 3 из 18', 'Присутствует: 4, из них 1 без имени');

  network.cut(false);
  await sendNow(first);
  await sendNow(second);
  await sendNow(first);
  for (const page of [first, second]) {
    await expectCounts(page, 'Отмечено 6 из 18', 'Присутствует: 7, из них 1 без имени');
    await expect(lineOf(page, shared)).toHaveAccessibleName(/: Уход раньше$/);
    for (const name of others.slice(0, 5))
      await expect(lineOf(page, name)).toHaveAccessibleName(/: Присутствует$/);
  }

  const told = await office.history('attendance', sharedMark);
  const marks = told.filter((entry) => entry.set['status'] !== undefined);
  expect(marks.map((entry) => entry.set['status']).sort()).toEqual(['left_early', 'present', 'present']);
  expect(new Set(marks.map((entry) => entry.device)).size).toBe(2);
  await office.close();
  await network.close();
});
