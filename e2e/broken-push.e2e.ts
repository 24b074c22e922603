import { attendanceId } from '#domain/records/attendance.ts';
import { expect, screens, test } from './fixtures.ts';
import { openNetwork, type Moment } from './network.ts';
import { openOfficeSession } from './office-session.ts';
import { enrolTablet, expectDelivered, openTodaysSheet, safetyLine } from './page-models/field-notebook.ts';
import { markFirst, personOf } from './page-models/sheet.ts';
import { startServer, type RunningServer } from './server.ts';

test.use({ ...screens.tablet });

const breaks: readonly { what: string; moment: Moment; kills: boolean }[] = [
  { what: 'the server is killed when it has half of a push', moment: 'half_sent', kills: true },
  { what: 'the server is killed when it has just got a push', moment: 'sent', kills: true },
  { what: 'the answer to a push is lost after the server has stored it', moment: 'answered', kills: false }
];

for (const { what, moment, kills } of breaks) {
  test(`${what}: every mark is delivered once`, async ({ page, server }) => {
    const network = await openNetwork(server.url);
    await enrolTablet(page, network.url, server.links());
    await openTodaysSheet(page);
    const session = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const before = await seqOf(server);

    network.cut(true);
    const names: string[] = [];
    for (let marked = 0; marked < 3; marked += 1) names.push(await markFirst(page));
    await expect(safetyLine(page)).toHaveText(/^3 записи ждут связи/);
    const marks: string[] = [];
    for (const name of names) marks.push(attendanceId(session, await personOf(page, name)));

    let again: RunningServer | undefined;
    const broken = network.interrupt('POST /api/sync', moment, async () => {
      if (kills) await server.stop('SIGKILL');
      else expect(await seqOf(server)).toBe(before + marks.length);
    });
    network.cut(false);
    await safetyLine(page).click();
    const send = page.getByRole('button', { name: 'Отправить сейчас' });
    await send.click();
    await broken;
    const { port, dataDirectory } = server;
    if (kills) again = await startServer({ mode: 'demo', port, dataDirectory });
    await send.click();
    await expect(page.getByText('Ничего не ждёт: всё доставлено.')).toBeVisible();
    await expectDelivered(page);

    const running = again ?? server;
    const office = await openOfficeSession(running);
    for (const mark of marks) {
      const told = await office.history('attendance', mark);
      expect(told.filter((entry) => entry.set['status'] === 'present')).toHaveLength(1);
    }
    expect(await office.logSeq()).toBe(before + marks.length);
    await office.close();
    await network.close();
    await again?.stop();
  });
}

async function seqOf(server: RunningServer): Promise<number> {
  const office = await openOfficeSession(server);
  const seq = await office.logSeq();
  await office.close();
  return seq;
}
