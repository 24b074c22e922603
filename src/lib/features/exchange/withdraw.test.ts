import 'fake-indexeddb/auto';
import { beforeEach, expect, it } from 'vitest';
import type { App } from '$lib/app/open-app.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { RowsInHand } from '$lib/storage/rows-in-hand.ts';
import { settleAcknowledgements } from '$lib/storage/settle.ts';
import { open } from '$lib/storage/sealing.ts';
import { write, type AnyChange, type WriteRequest } from '$lib/storage/write.ts';
import { correcting } from './correcting.ts';
import { readNotAccepted } from './queries.ts';
import { withdraw } from './withdraw.ts';

let database: DeviceDatabase;
let serial = 0;
let wall = 1_764_000_000_000;
let app: Pick<App, 'database' | 'write'>;
const environment = {
  now: () => wall++,
  mono: () => wall - 1_763_000_000_000,
  page: 'test',
  randomBytes: (length: number) => new Uint8Array(length)
};

beforeEach(async () => {
  database = new DeviceDatabase(`withdraw-${serial++}`);
  await ensureIdentity(database, {
    device: 'd1',
    secret: 's',
    role: 'field',
    user: 'u7',
    name: 'Планшет № 1'
  });
  app = {
    database,
    write: (changes: readonly AnyChange[], extra: Omit<WriteRequest, 'by' | 'changes'> = {}) =>
      write(database, environment, { ...extra, by: 'u7', changes })
  };
});

const settle = (acknowledgement: Parameters<typeof settleAcknowledgements>[2][number]) =>
  database.transaction('rw', database.tables, async () => {
    const hand = new RowsInHand(database);
    await settleAcknowledgements(hand, environment, [acknowledgement], wall);
    await hand.write();
  });

async function refuseMark(reason: 'invalid' | 'forbidden') {
  await app.write([{ type: 'attendance', id: 's1~p1', set: { status: 'late', at: wall } }]);
  await settle({ n: 1, seq: 5, o: 'refused', reason });
  const [item] = await readNotAccepted(database);
  if (item === undefined) throw new Error('Nothing was refused');
  return item;
}

async function lastOperation() {
  const row = await database.outbox.orderBy('n').last();
  return row === undefined ? undefined : open(row.body);
}

it('withdraws a mark by repeating what stands, so that the coordinator’s desk closes it too', async () => {
  await withdraw(app, await refuseMark('invalid'));
  const operation = await lastOperation();
  expect(operation?.replaces).toEqual(['d1', 1]);
  expect(operation?.ch.map(({ e, k, set }) => ({ e, k, set }))).toEqual([
    { e: 'attendance', k: 's1~p1', set: { status: 'none' } }
  ]);
  expect(await readNotAccepted(database)).toEqual([]);
});

it('closes on the device alone what would be refused again', async () => {
  await withdraw(app, await refuseMark('forbidden'));
  expect(await database.outbox.count()).toBe(0);
  expect(await readNotAccepted(database)).toEqual([]);
});

it('replaces with the first write of the refused record, and only with that one', async () => {
  await refuseMark('invalid');
  const corrected = correcting(app, 1);
  await corrected.write([{ type: 'attendance', id: 's1~p2', set: { status: 'present' } }]);
  expect((await lastOperation())?.replaces).toBeUndefined();
  await corrected.write([{ type: 'attendance', id: 's1~p1', set: { status: 'present' } }]);
  expect((await lastOperation())?.replaces).toEqual(['d1', 1]);
  await corrected.write([{ type: 'attendance', id: 's1~p1', set: { status: 'late' } }]);
  expect((await lastOperation())?.replaces).toBeUndefined();
});

it('keeps the mark of a newcomer whose card is corrected', async () => {
  await app.write([
    { type: 'person', id: 'p9', set: { surname: 'Молданова', name: 'Мария' } },
    { type: 'attendance', id: 's1~p9', set: { status: 'present' } }
  ]);
  await settle({ n: 1, seq: 5, o: 'refused', reason: 'invalid' });
  await correcting(app, 1).write([
    { type: 'person', id: 'p9', set: { surname: 'Молданова', name: 'Мария' } }
  ]);
  expect((await lastOperation())?.ch.map(({ e, k }) => `${e}/${k}`)).toEqual([
    'person/p9',
    'attendance/s1~p9'
  ]);
});
