import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StreamPage, SyncResponse } from '#domain/sync/protocol.ts';
import { applyAnswer } from './apply-answer.ts';
import { DeviceDatabase } from './database.ts';
import type { DeviceEnvironment } from './environment.ts';
import { ensureIdentity } from './identity.ts';
import { readRecord, shownOf } from './read.ts';
import { open } from './sealing.ts';
import { write } from './write.ts';

let database: DeviceDatabase;
let serial = 0;
let wall = 1_764_000_000_000;
const environment: DeviceEnvironment = {
  now: () => wall,
  mono: () => wall - 1_763_000_000_000,
  page: 'page1',
  randomBytes: (length) => new Uint8Array(length)
};

beforeEach(async () => {
  database = new DeviceDatabase(`test-${serial++}`);
  await ensureIdentity(database, {
    device: 'd1',
    secret: 's',
    role: 'field',
    user: 'u7',
    name: 'Планшет № 1'
  });
});

const mark = (status: 'present' | 'late') =>
  write(database, environment, {
    by: 'u7',
    changes: [{ type: 'attendance', id: 's1~p1', set: { status, at: wall } }]
  });

function page(rows: StreamPage['rows'], from: number, to: number): StreamPage {
  return { stream: 'attendance', from, to, rows, gone: [], more: false };
}

function answer(parts: Partial<Extract<SyncResponse, { kind: 'ok' }>>): SyncResponse {
  return {
    z: 1,
    kind: 'ok',
    epoch: 'e1',
    now: wall,
    head: [0, ''],
    acks: [],
    streams: [],
    revoked: [],
    durable: 0,
    minBuild: '',
    ...parts
  };
}

async function apply(response: SyncResponse) {
  const state = await database.meta.get('state');
  const sent = {
    epoch: state?.epoch ?? null,
    head: state?.head ?? null,
    device: 'd1',
    now: wall,
    clock: 0
  };
  return applyAnswer(database, environment, sent, response);
}

describe('a tap', () => {
  it('is in the outbox and on the screen when it is told to be saved', async () => {
    const { n } = await mark('present');
    expect(n).toBe(1);
    expect((await readRecord(database, 'attendance', 's1~p1'))?.values.status).toBe('present');
    const row = await database.outbox.get(1);
    expect(row && open(row.body)).toMatchObject({
      n: 1,
      by: 'u7',
      ch: [{ e: 'attendance', k: 's1~p1', base: 0 }]
    });
  });

  it('stays on the screen while a page brings another value, until the cursor covers it', async () => {
    await mark('present');
    const other = { e: 'attendance', k: 's1~p1', seq: 5, by: 'u8', at: 1, f: { status: 'absent' } };
    await apply(answer({ head: [5, ''], streams: [page([other], 0, 5)] }));
    expect((await readRecord(database, 'attendance', 's1~p1'))?.values.status).toBe('present');
    await apply(answer({ head: [6, ''], acks: [{ o: 'applied', n: 1, seq: 6 }] }));
    expect(await database.outbox.count()).toBe(0);
    expect((await readRecord(database, 'attendance', 's1~p1'))?.values.status).toBe('present');
    const mine = { ...other, seq: 6, by: 'u7', f: { status: 'late' } };
    await apply(answer({ head: [6, ''], streams: [page([mine], 5, 6)] }));
    expect((await readRecord(database, 'attendance', 's1~p1'))?.values.status).toBe('late');
    expect(await database.confirmed.count()).toBe(0);
  });

  it('takes no acknowledgement for what was received: what others wrote meanwhile has not been seen', async () => {
    await mark('present');
    await apply(answer({ acks: [{ o: 'applied', n: 1, seq: 9 }] }));
    const note = { type: 'attendance', id: 's1~p1', set: { expected: true } } as const;
    const { n } = await write(database, environment, { by: 'u1', changes: [note] });
    const written = await database.outbox.get(n);
    expect(written === undefined ? undefined : open(written.body).ch[0]?.base).toBe(0);
  });

  it('takes as base what was received, and the smallest base of its own unsettled operations on the field', async () => {
    const row = { e: 'attendance', k: 's1~p1', seq: 5, by: 'u8', at: 1, f: { status: 'absent' } };
    await apply(answer({ head: [5, ''], streams: [page([row], 0, 5)] }));
    await mark('present');
    await apply(answer({ head: [9, ''], streams: [page([{ ...row, seq: 9 }], 5, 9)] }));
    await mark('late');
    const bases = (await database.outbox.toArray()).map((entry) => open(entry.body).ch[0]?.base);
    expect(bases).toEqual([5, 5]);
  });

  it('keeps for each field the base of what was seen of it when own work waits over another field only', async () => {
    const row = { e: 'attendance', k: 's1~p1', seq: 5, by: 'u8', at: 1, f: { status: 'absent' } };
    await mark('present');
    await apply(answer({ head: [5, ''], streams: [page([row], 0, 5)] }));
    const both = { type: 'attendance', id: 's1~p1', set: { expected: true, status: 'late', at: 3 } } as const;
    const { n } = await write(database, environment, { by: 'u1', changes: [both] });
    const written = await database.outbox.get(n);
    expect(written === undefined ? [] : open(written.body).ch).toEqual([
      { e: 'attendance', k: 's1~p1', set: { expected: true }, base: 5 },
      { e: 'attendance', k: 's1~p1', set: { status: 'late', at: 3 }, base: 0 }
    ]);
  });

  it('joins the fields again under the smallest base where changes apart would be too many for one operation', async () => {
    const changes = Array.from(
      { length: 20 },
      (_, index) =>
        ({ type: 'attendance', id: `s1~p${index + 1}`, set: { expected: true, status: 'late' } }) as const
    );
    const row = { e: 'attendance', k: 's1~p1', seq: 5, by: 'u8', at: 1, f: { status: 'absent' } };
    await mark('present');
    await apply(answer({ head: [5, ''], streams: [page([row], 0, 5)] }));
    const { n } = await write(database, environment, { by: 'u1', changes });
    const written = await database.outbox.get(n);
    const kept = written === undefined ? [] : open(written.body).ch;
    expect(kept).toHaveLength(20);
    expect(kept[0]).toEqual({
      e: 'attendance',
      k: 's1~p1',
      set: { expected: true, status: 'late' },
      base: 0
    });
  });
});

describe('an answer', () => {
  it('that refuses an operation keeps it readable and takes it off the screen', async () => {
    await mark('present');
    await apply(
      answer({ acks: [{ o: 'refused', n: 1, seq: 3, reason: 'invalid', detail: 'attendance.status' }] })
    );
    expect(await readRecord(database, 'attendance', 's1~p1')).toBeUndefined();
    expect(await database.attention.get(1)).toMatchObject({
      outcome: 'refused',
      reason: 'invalid',
      state: 'open'
    });
  });

  it('of another epoch is ignored whole', async () => {
    await apply(answer({ epoch: 'e1' }));
    await mark('present');
    const late = { epoch: 'e0', head: null, device: 'd1', now: wall, clock: 0 };
    const applied = await applyAnswer(
      database,
      environment,
      late,
      answer({ acks: [{ o: 'applied', n: 1, seq: 1 }] })
    );
    expect(applied.result).toBe('ignored');
    expect(await database.outbox.count()).toBe(1);
  });

  it('that another one has overtaken is ignored whole: the server may have been put back between the two', async () => {
    await apply(answer({ head: [7, 'before the restore'] }));
    await mark('present');
    const overtaken = { epoch: 'e1', head: null, device: 'd1', now: wall, clock: 0 };
    const after = answer({ head: [3, 'after it'], acks: [{ o: 'applied', n: 1, seq: 3 }] });
    const applied = await applyAnswer(database, environment, overtaken, after);
    expect(applied.result).toBe('ignored');
    expect(await database.outbox.count()).toBe(1);
    // The next exchange shows the server what it no longer has.
    expect((await database.meta.get('state'))?.head).toEqual([7, 'before the restore']);
  });

  it('of a new epoch puts everything acknowledged back into the outbox', async () => {
    await mark('present');
    await apply(answer({ head: [1, ''], acks: [{ o: 'applied', n: 1, seq: 1 }] }));
    await apply({ z: 1, kind: 'epoch_changed', epoch: 'e2', now: wall, restoredTo: 0 });
    expect(await database.outbox.count()).toBe(1);
    expect((await readRecord(database, 'attendance', 's1~p1'))?.values.status).toBe('present');
    expect((await database.meta.get('state'))?.epoch).toBe('e2');
  });
});

describe('a form that was open while own work on its record was judged', () => {
  it('has seen no more than that work had: what it says it showed lay under it', async () => {
    const save = (surname: string, shown?: { seq: number }) =>
      write(database, environment, {
        by: 'u7',
        changes: [{ type: 'person', id: 'p1', set: { surname }, ...(shown === undefined ? {} : { shown }) }]
      });
    const people = (seq: number, from: number, surname: string): StreamPage => ({
      ...page([{ e: 'person', k: 'p1', seq, by: 'u8', at: 1, f: { surname } }], from, seq),
      stream: 'people'
    });
    await save('Иванова');
    await apply(answer({ head: [2, ''], streams: [people(2, 0, 'Петрова')] }));
    const shown = await readRecord(database, 'person', 'p1');
    expect(shown?.values.surname).toBe('Иванова');
    expect(shown?.seq).toBe(2);
    const acks: Extract<SyncResponse, { kind: 'ok' }>['acks'] = [{ o: 'superseded', n: 1, seq: 3 }];
    await apply(answer({ head: [4, ''], acks, streams: [people(4, 2, 'Петрова')] }));
    const { n } = await save('Сидорова', { seq: 2 });
    const row = await database.outbox.get(n);
    expect(row && open(row.body).ch[0]?.base).toBe(0);
  });
});

describe('a correction that was offered again after a restore', () => {
  it('takes the corrected operation, held anew, off the screen', async () => {
    await mark('present');
    await apply(answer({ head: [2, ''], acks: [{ o: 'held', n: 1, seq: 2, reason: 'rights_revoked' }] }));
    const instead = { type: 'person', id: 'p1', set: { note: 'не тот человек' } } as const;
    await write(database, environment, { by: 'u7', changes: [instead], replaces: 1 });
    expect(await readRecord(database, 'attendance', 's1~p1')).toBeUndefined();
    await apply({ z: 1, kind: 'epoch_changed', epoch: 'e2', now: wall, restoredTo: 0 });
    const held = { o: 'held', n: 1, seq: 1, reason: 'rights_revoked' } as const;
    await apply(answer({ epoch: 'e2', head: [2, ''], acks: [held, { o: 'applied', n: 2, seq: 2 }] }));
    expect(await database.attention.get(1)).toMatchObject({ outcome: 'held', state: 'closed' });
    expect(await readRecord(database, 'attendance', 's1~p1')).toBeUndefined();
    expect(await database.confirmed.get(['attendance', 's1~p1'])).toBeUndefined();
  });
});

describe('the clock period', () => {
  it('grows when the wall clock goes back', async () => {
    await mark('present');
    wall -= 3_600_000;
    await mark('late');
    const clocks = (await database.outbox.toArray()).map((entry) => open(entry.body).c);
    expect(clocks[1]).toBe((clocks[0] ?? 0) + 1);
  });
});

describe('a form that was open while the server was restored', () => {
  const baseOf = async (n: number) => {
    const row = await database.outbox.get(n);
    return row && open(row.body).ch[0]?.base;
  };
  const save = (shown: number | { seq: number; era?: number }) =>
    write(database, environment, {
      by: 'u7',
      changes: [{ type: 'person', id: 'p1', set: { surname: 'Иванова' }, shown }]
    });
  const row = { e: 'person', k: 'p1', seq: 5, by: 'u8', at: 1, f: { surname: 'Петрова' } };
  const people = (seq: number, from: number) => ({
    ...page([{ ...row, seq }], from, seq),
    stream: 'people' as const
  });

  it('has seen nothing of the new history, even where the same numbers stand again', async () => {
    await apply(answer({ head: [5, ''], streams: [people(5, 0)] }));
    await apply({ z: 1, kind: 'epoch_changed', epoch: 'e2', now: wall, restoredTo: 3 });
    await apply(answer({ epoch: 'e2', head: [9, ''], streams: [people(9, 0)] }));
    const before = await save({ seq: 5 });
    expect(await baseOf(before.n)).toBe(0);
  });

  it('counts what it showed below the cut, and what was received after it', async () => {
    await apply(answer({ head: [5, ''], streams: [people(2, 0)] }));
    await apply({ z: 1, kind: 'epoch_changed', epoch: 'e2', now: wall, restoredTo: 3 });
    expect(await baseOf((await save({ seq: 2 })).n)).toBe(2);
  });

  it('opened after it counts in full', async () => {
    await apply({ z: 1, kind: 'epoch_changed', epoch: 'e2', now: wall, restoredTo: 3 });
    await apply(answer({ epoch: 'e2', head: [9, ''], streams: [people(9, 0)] }));
    const shown = await readRecord(database, 'person', 'p1');
    if (shown === undefined) throw new Error('no row');
    expect(shown.era).toBe(1);
    expect(await baseOf((await save(shownOf(shown))).n)).toBe(9);
  });
});

describe('several releases by one operation of the office', () => {
  it('end each overlay at its own seq', async () => {
    await mark('present');
    await apply(answer({ epoch: 'e1', acks: [{ o: 'held', n: 1, seq: 2, reason: 'device_revoked' }] }));
    const released = {
      outcome: 'held',
      reason: 'device_revoked',
      state: 'released',
      by: 'u7',
      releasedSeq: 7
    };
    const problem = { e: 'problem', k: 'd1~1', seq: 5, by: 'c1', at: 1, f: released };
    const office: StreamPage = {
      stream: 'private/u7',
      from: 0,
      to: 6,
      rows: [problem],
      gone: [],
      more: false
    };
    const marks = page([], 0, 6);
    await apply(answer({ epoch: 'e1', head: [6, ''], streams: [office, marks] }));
    expect(await database.retained.get(1)).toMatchObject({ seq: 7, settled: 0 });
    expect((await readRecord(database, 'attendance', 's1~p1'))?.values.status).toBe('present');
  });
});

describe('records sent ahead of their order', () => {
  const state = (k: string, seq: number) => ({
    e: 'attendance',
    k,
    seq,
    by: 'u8',
    at: 1,
    f: { status: 'absent' }
  });
  const ahead = (...rows: ReturnType<typeof state>[]) => [{ stream: 'attendance', rows }];
  const first = (rows: ReturnType<typeof state>[], to: number) => ({ ...page(rows, 0, to), more: true });

  it('are shown at once and counted only when their page comes', async () => {
    await apply(answer({ head: [9, ''], streams: [first([], 0)], ahead: ahead(state('s1~p1', 7)) }));
    expect((await readRecord(database, 'attendance', 's1~p1'))?.values.status).toBe('absent');
    expect(await database.cursors.get('attendance')).toMatchObject({ cursor: 0, count: 0, complete: false });
    await apply(answer({ head: [9, ''], streams: [page([state('s1~p1', 7)], 0, 9)] }));
    expect(await database.cursors.get('attendance')).toMatchObject({ cursor: 9, count: 1, complete: true });
  });

  it('lie under what this device has written, and are what a later edit had seen', async () => {
    await mark('present');
    await apply(answer({ head: [9, ''], streams: [first([], 0)], ahead: ahead(state('s1~p1', 7)) }));
    expect((await readRecord(database, 'attendance', 's1~p1'))?.values.status).toBe('present');
    const other = { type: 'attendance', id: 's1~p1', set: { expected: true } } as const;
    const { n } = await write(database, environment, { by: 'u1', changes: [other] });
    const written = await database.outbox.get(n);
    expect(written === undefined ? undefined : open(written.body).ch[0]?.base).toBe(7);
  });

  it('go when the stream is complete and no page has mentioned them', async () => {
    await apply(answer({ head: [9, ''], streams: [first([], 0)], ahead: ahead(state('s1~p1', 7)) }));
    await apply(answer({ head: [9, ''], streams: [page([state('s1~p2', 8)], 0, 9)] }));
    expect(await readRecord(database, 'attendance', 's1~p1')).toBeUndefined();
  });

  it('are not taken into a stream that is complete: nothing would ever take them away', async () => {
    await apply(answer({ head: [5, ''], streams: [page([], 0, 5)] }));
    await apply(answer({ head: [9, ''], streams: [], ahead: ahead(state('s1~p1', 7)) }));
    expect(await readRecord(database, 'attendance', 's1~p1')).toBeUndefined();
  });
});

describe('a stream that this device may no longer read', () => {
  const received = { e: 'attendance', k: 's1~p1', seq: 5, by: 'u8', at: 1, f: { status: 'absent' } };

  it('goes from the screen, and what was refused is still kept whole and can be corrected', async () => {
    await apply(answer({ head: [5, ''], streams: [page([received], 0, 5)] }));
    await mark('late');
    await apply(answer({ head: [5, ''], acks: [{ o: 'refused', reason: 'forbidden', n: 1, seq: 6 }] }));
    await apply(answer({ head: [5, ''], revoked: ['attendance'] }));
    expect(await readRecord(database, 'attendance', 's1~p1')).toBeUndefined();
    expect([await database.cursors.count(), await database.confirmed.count()]).toEqual([0, 0]);
    const refused = await database.attention.get(1);
    const kept = refused === undefined ? undefined : open(refused.body).ch;
    expect(kept).toEqual([{ e: 'attendance', k: 's1~p1', set: { status: 'late', at: wall }, base: 5 }]);
    await write(database, environment, {
      by: 'u7',
      replaces: 1,
      changes: [{ type: 'attendance', id: 's1~p1', set: { status: 'present' } }]
    });
    // Who can no longer see what stands there overrides it no more: the difference is shown at the office.
    const correction = await database.outbox.get(2);
    expect(correction === undefined ? undefined : open(correction.body)).toMatchObject({
      replaces: ['d1', 1],
      ch: [{ set: { status: 'present' }, base: 0 }]
    });
    expect((await database.attention.get(1))?.state).toBe('closed');
  });

  it('leaves on the screen what was held over its records, without what was received', async () => {
    await apply(answer({ head: [5, ''], streams: [page([received], 0, 5)] }));
    await mark('late');
    await apply(answer({ head: [5, ''], acks: [{ o: 'held', reason: 'rights_revoked', n: 1, seq: 6 }] }));
    await apply(answer({ head: [5, ''], revoked: ['attendance'] }));
    expect((await readRecord(database, 'attendance', 's1~p1'))?.values).toEqual({ status: 'late', at: wall });
    expect((await database.confirmed.toArray()).map(({ body }) => body)).toEqual([null]);
  });
});
