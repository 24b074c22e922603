import { expect, test } from 'vitest';
import { DeviceDatabase, type AttachmentRow } from './database.ts';
import { ensureIdentity } from './identity.ts';
import { forgetRetained } from './retention.ts';
import { seal } from './sealing.ts';
import { wipe } from './wipe.ts';

const dayMs = 86_400_000;
const now = 1_764_000_000_000;
let serial = 0;

/** A database whose server's backups reach up to `durable`, with operations acknowledged so many days ago. */
async function kept(durable: number, days: readonly number[]): Promise<DeviceDatabase> {
  const database = new DeviceDatabase(`retention-${serial++}`);
  const state = await ensureIdentity(database, {
    device: 'd1',
    secret: 's',
    role: 'field',
    user: 'u1',
    name: 'Планшет'
  });
  await database.meta.put({ ...state, durable, serverNow: now });
  await database.retained.bulkAdd(
    days.map((age, index) => ({
      n: index + 1,
      w: 0,
      keys: [],
      body: seal({ n: index + 1, w: 0, c: 0, v: 1, by: 'u1', ch: [] }),
      seq: index + 1,
      outcome: 'applied' as const,
      acknowledgedAt: now - age * dayMs,
      settled: 1 as const
    }))
  );
  return database;
}

const left = async (database: DeviceDatabase): Promise<readonly number[]> => {
  await forgetRetained(database);
  return database.retained.orderBy('n').primaryKeys();
};

test('what is delivered is forgotten when it is two weeks old and in a backup', async () => {
  expect(await left(await kept(2, [20, 13, 20]))).toEqual([2, 3]);
});

test('where backups are late it waits for them, however long', async () => {
  expect(await left(await kept(1, [200, 100, 95]))).toEqual([2, 3]);
});

test('where no backups are made it is kept for ninety days', async () => {
  expect(await left(await kept(0, [91, 89, 20]))).toEqual([2, 3]);
});

const picture = (sha256: string, more: Partial<AttachmentRow> = {}): AttachmentRow => ({
  sha256: sha256.repeat(64),
  mime: 'image/jpeg',
  bytes: new ArrayBuffer(9),
  thumbnail: new ArrayBuffer(2),
  state: 'delivered',
  storedAt: 0,
  sentAt: 1,
  ...more
});
const bytesLeft = async (database: DeviceDatabase): Promise<Record<string, number>> => {
  const rows = await database.attachments.toArray();
  return Object.fromEntries(rows.map((row) => [row.sha256.charAt(0), row.bytes.byteLength] as const));
};

test('files go with the last operation that names them, never before they are delivered and in a backup', async () => {
  const database = await kept(2, [20, 13]);
  const set = { file: 'b'.repeat(64) };
  const body = seal({ n: 2, w: 0, c: 0, v: 1, by: 'u1', ch: [{ e: 'photo', k: 'p', set, base: 0 }] });
  await database.retained.update(2, { body });
  await database.attachments.bulkPut([
    picture('a'),
    picture('b'),
    picture('c', { state: 'to_upload' }),
    picture('d', { sentAt: 2 }),
    picture('e', { state: 'refused' }),
    picture('f', { state: 'removed' })
  ]);
  expect(await forgetRetained(database)).toEqual({ operations: 1, files: 2, emptied: 0 });
  expect(await bytesLeft(database)).toEqual({ b: 9, c: 9, d: 9, e: 9 });
});

test('a file that came long after its record is kept as long after it came', async () => {
  const database = await kept(2, [20]);
  await database.attachments.bulkPut([
    picture('a', { sentOn: now - 13 * dayMs }),
    picture('b', { sentOn: now - 15 * dayMs })
  ]);
  expect(await forgetRetained(database)).toEqual({ operations: 1, files: 1, emptied: 0 });
  expect(await bytesLeft(database)).toEqual({ a: 9 });
  expect((await forgetRetained(database, true)).files).toBe(1);
});

test('an operation stays as long as a file that it names, so that an erasure finds both', async () => {
  const database = await kept(3, [20, 20]);
  const set = { of: 'consultation', target: 'k1', file: 'a'.repeat(64) };
  const body = seal({ n: 1, w: 0, c: 0, v: 1, by: 'u1', ch: [{ e: 'photo', k: 'p', set, base: 0 }] });
  await database.retained.update(1, { body });
  await database.attachments.bulkPut([picture('a', { sentOn: now - 13 * dayMs })]);
  expect(await forgetRetained(database)).toEqual({ operations: 1, files: 0, emptied: 0 });
  expect(await forgetRetained(database, true)).toEqual({ operations: 1, files: 1, emptied: 1 });

  const other = await kept(3, [20]);
  await other.retained.update(1, { body });
  await other.attachments.bulkPut([picture('a', { sentOn: now - 13 * dayMs })]);
  await forgetRetained(other);
  await other.transaction('rw', other.tables, () => wipe(other, ['k1']));
  expect(await other.attachments.count()).toBe(0);
});

test('where space is short a backup is enough, and delivered pictures give up their bytes, nothing else does', async () => {
  const database = await kept(2, [0, 0, 0]);
  const set = { file: 'b'.repeat(64) };
  const body = seal({ n: 3, w: 0, c: 0, v: 1, by: 'u1', ch: [{ e: 'photo', k: 'p', set, base: 0 }] });
  await database.retained.update(3, { body });
  await database.attachments.bulkPut([
    picture('b'),
    picture('c', { state: 'to_upload' }),
    picture('d', { sentAt: 2 })
  ]);
  expect(await forgetRetained(database, true)).toEqual({ operations: 2, files: 0, emptied: 1 });
  expect(await bytesLeft(database)).toEqual({ b: 0, c: 9, d: 9 });
  expect((await database.attachments.get('b'.repeat(64)))?.thumbnail?.byteLength).toBe(2);
});
