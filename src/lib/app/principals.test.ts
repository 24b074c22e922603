import 'fake-indexeddb/auto';
import { beforeEach, expect, test } from 'vitest';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { databaseNameFor, rememberDatabase } from './principals.ts';

let storage: Storage;

beforeEach(() => {
  const values = new Map<string, string>();
  storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key)
  } as Storage;
});

async function makeDatabase(name: string, device: string, exchangedAt: number): Promise<void> {
  const database = new DeviceDatabase(name);
  await ensureIdentity(database, {
    device,
    secret: 'x'.repeat(22),
    user: 'anna',
    name: 'Планшет',
    role: 'field'
  });
  await database.meta.update('state', { exchangedAt });
  database.close();
}

test('a surface that was never connected has no database', async () => {
  expect(await databaseNameFor(storage, 'office')).toBeUndefined();
});

test('a name that localStorage lost is found among the databases: the one that exchanged last', async () => {
  await makeDatabase('zimnik/field-old', 'old', 1_000);
  await makeDatabase('zimnik/field-new', 'new', 2_000);
  expect(await databaseNameFor(storage, 'field')).toBe('zimnik/field-new');
  expect(await databaseNameFor(storage, 'office')).toBeUndefined();
});

test('a remembered name is used as it is, and each surface has its own', async () => {
  rememberDatabase(storage, 'field', 'zimnik/field-mine');
  rememberDatabase(storage, 'office', 'zimnik/office-mine');
  expect(await databaseNameFor(storage, 'field')).toBe('zimnik/field-mine');
  expect(await databaseNameFor(storage, 'office')).toBe('zimnik/office-mine');
});
