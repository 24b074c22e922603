import { beforeEach, describe, expect, it } from 'vitest';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { readRecord } from '$lib/storage/read.ts';
import { write, type AnyChange, type WriteRequest } from '$lib/storage/write.ts';
import { recordConsent } from '$lib/features/people/index.ts';
import * as commands from './commands.ts';
import { readSheet } from './queries.ts';
import { readHistory } from './history.ts';

let database: DeviceDatabase;
let app: Parameters<typeof recordConsent>[0] & commands.Recorder;
let serial = 0;
let wall = 1_764_000_000_000;

beforeEach(async () => {
  database = new DeviceDatabase(`sheet-${serial++}`);
  await ensureIdentity(database, {
    device: 'd1',
    secret: 's',
    role: 'field',
    user: 'u7',
    name: 'Планшет № 1'
  });
  let ids = 0;
  const environment = {
    now: () => wall++,
    mono: () => wall - 1_763_000_000_000,
    page: 'test',
    randomBytes: (length: number) => new Uint8Array(length)
  };
  app = {
    now: () => wall,
    device: { user: 'u7' },
    newId: () => `new${ids++}`,
    write: (changes: readonly AnyChange[], extra: Omit<WriteRequest, 'by' | 'changes'> = {}) =>
      write(database, environment, { ...extra, by: 'u7', changes })
  };
  await app.write([
    { type: 'event', id: 'e1', set: { title: 'Школа', settlement: 'sh' } },
    { type: 'session', id: 's1', set: { event: 'e1', date: '2026-11-24', start: '10:00' } },
    { type: 'person', id: 'p1', set: { surname: 'Ёлкина', name: 'Фёкла' } },
    { type: 'person', id: 'p2', set: { surname: 'Волдин', name: 'Игорь' } },
    { type: 'attendance', id: 's1~p1', set: { expected: true } },
    { type: 'attendance', id: 's1~p2', set: { expected: true } }
  ]);
});

async function sheet() {
  const read = await readSheet(database, 's1');
  if (read === undefined) throw new Error('The sheet is not there');
  return read;
}

describe('the attendance sheet', () => {
  it('lists the expected people by name and counts nobody before the first mark', async () => {
    const { rows, counts } = await sheet();
    expect(rows.map((row) => row.surname)).toEqual(['Волдин', 'Ёлкина']);
    expect(counts).toMatchObject({ total: 2, marked: 0, present: 0 });
  });

  it('knows namesakes, whom their names do not tell apart', async () => {
    await app.write([
      { type: 'person', id: 'p3', set: { surname: 'Волдин', name: 'Игорь', ageBand: '55_plus' } },
      { type: 'attendance', id: 's1~p3', set: { expected: true } }
    ]);
    const { rows } = await sheet();
    expect(rows.map((row) => [row.surname, row.namesake])).toEqual([
      ['Волдин', true],
      ['Волдин', true],
      ['Ёлкина', false]
    ]);
  });

  it('counts a mark, a walk-in and a participant without a name', async () => {
    await commands.markAttendance(app, 's1', 'p1', 'present');
    await commands.addWalkIn(app, 's1', { surname: 'молданова', name: 'мария', settlement: 'sh' });
    await commands.addNameless(app, 's1');
    const { rows, counts } = await sheet();
    expect(counts).toMatchObject({ total: 3, marked: 2, present: 3, nameless: 1 });
    expect(rows.map((row) => row.name)).toEqual(['Волдин Игорь', 'Ёлкина Фёкла', 'Молданова Мария', '']);
    expect(rows.map((row) => row.state)).toEqual(['here', 'here', 'here', 'here']);
  });

  it('takes a mark back, and a walk-in whose mark was taken back leaves the sheet but not the register', async () => {
    const person = await commands.addWalkIn(app, 's1', { surname: 'Ким', name: 'Ян' });
    await commands.markAttendance(app, 's1', person, 'none');
    expect((await sheet()).rows).toHaveLength(2);
    expect((await readRecord(database, 'person', person))?.values.surname).toBe('Ким');
  });

  it('marks forty people in operations of twenty', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `s1~x${index}`);
    const before = await database.outbox.count();
    await commands.markMany(app, ids, 'present');
    expect(await database.outbox.count()).toBe(before + 2);
    expect((await sheet()).counts.present).toBe(40);
  });

  it('stores the strokes of a signature in the transaction of its mark', async () => {
    await commands.markAttendance(app, 's1', 'p1', 'present');
    await commands.signOnScreen(app, 's1~p1', '<svg/>');
    const ink = (await readRecord(database, 'attendance', 's1~p1'))?.values.signatureInk ?? '';
    expect(ink).toMatch(/^[0-9a-f]{64}$/);
    expect(await database.attachments.get(ink)).toMatchObject({ state: 'waiting' });
    expect((await sheet()).counts).toMatchObject({ signedOnScreen: 1, unsigned: 0 });
  });

  it('copies a row of paper with the time of the session and says that it was entered later', async () => {
    await commands.enterFromPaper(app, 's1~p2', 1, 1_763_000_000_000);
    const row = (await sheet()).rows.find((each) => each.person === 'p2');
    expect(row).toMatchObject({
      status: 'present',
      at: 1_763_000_000_000,
      enteredLater: true,
      signature: 'paper'
    });
  });

  it('closes with its totals, opens again, and the history tells both', async () => {
    await commands.markAttendance(app, 's1', 'p1', 'late');
    await commands.closeSheet(app, 's1', (await sheet()).counts);
    expect((await sheet()).closing?.values).toMatchObject({ closed: true, present: 1, unmarked: 1 });
    await commands.reopenSheet(app, 's1');
    const history = await readHistory(database, 's1');
    expect(history.map((entry) => entry.type)).toEqual(['reopened', 'closed', 'marks']);
  });

  it("asks a minor's parent for consent: the step writes the paper that the sheet counts", async () => {
    await app.write([{ type: 'person', id: 'p2', set: { ageBand: '14_17' } }]);
    const minor = async () => {
      const row = (await sheet()).rows.find((each) => each.person === 'p2');
      return { person: 'p2', consent: row?.consentId, ageBand: row?.ageBand, state: row?.consent };
    };
    await recordConsent(app, await minor(), 'later', '2026-11-24');
    const { consent, state } = await minor();
    expect(state).toBe('awaited');
    await recordConsent(app, await minor(), 'paper', '2026-11-24');
    expect(await minor()).toMatchObject({ consent, state: 'given' });
    expect((await readRecord(database, 'consent', consent ?? ''))?.values.kind).toBe('parent');
  });
});
