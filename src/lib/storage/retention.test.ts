import { expect, test } from 'vitest';
import { DeviceDatabase } from './database.ts';
import { ensureIdentity } from './identity.ts';
import { forgetRetained } from './retention.ts';
import { seal } from './sealing.ts';

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
