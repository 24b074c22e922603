import { beforeEach, describe, expect, it } from 'vitest';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { write, type AnyChange } from '$lib/storage/write.ts';
import { readSchedule, readSessions } from './queries.ts';

const today = '2026-11-24';
let serial = 0;
let database: DeviceDatabase;

const environment = {
  now: () => Date.UTC(2026, 10, 24, 6),
  mono: () => 1,
  randomBytes: (length: number) => new Uint8Array(length)
};
const store = (changes: readonly AnyChange[]) => write(database, environment, { by: 'u7', changes });
const session = (id: string, date: string, start = '10:00'): AnyChange => ({
  type: 'session',
  id,
  set: { event: 'e1', date, start, number: 1 }
});
const closing = (id: string): AnyChange => ({ type: 'sheet', id, set: { closed: true } });

beforeEach(async () => {
  database = new DeviceDatabase(`events-${serial++}`);
  await ensureIdentity(database, { device: 'd1', secret: 's', role: 'field', user: 'u7', name: '' });
  await store([
    { type: 'settlement', id: 's1', set: { name: 'Малый Атлым' } },
    { type: 'event', id: 'e1', set: { title: 'Школа', settlement: 's1' } },
    session('later', '2026-11-30'),
    session('evening', today, '18:00'),
    session('morning', today),
    session('forgotten', '2026-10-01'),
    session('over', '2026-09-01'),
    closing('morning'),
    closing('over'),
    { type: 'attendance', id: 'morning~p1', set: { status: 'present', expected: true } },
    { type: 'attendance', id: 'morning~p2', set: { expected: true } },
    { type: 'attendance', id: 'over~p1', set: { status: 'present' } }
  ]);
});

describe('the schedule of the start screen', () => {
  it('holds open sheets and those of the day and later, in the order of time, but none closed before', async () => {
    const schedule = await readSchedule(database, today);
    expect(schedule.map((item) => [item.session.id, item.closed, item.marked, item.total])).toEqual([
      ['forgotten', false, 0, 0],
      ['morning', true, 1, 2],
      ['evening', false, 0, 0],
      ['later', false, 0, 0]
    ]);
    expect(schedule[0]).toMatchObject({ settlement: 'Малый Атлым', part: { number: 1, total: 5 } });
  });

  it('leaves every session to whoever asks for all of them', async () => {
    const ids = (await readSessions(database)).map((item) => item.session.id);
    expect(ids).toEqual(['over', 'forgotten', 'morning', 'evening', 'later']);
  });
});
