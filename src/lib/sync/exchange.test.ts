import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { exchange } from './exchange.ts';

it('an exchange that failed stands in the journal with its reason', async () => {
  const database = new DeviceDatabase('exchange');
  await ensureIdentity(database, { device: 'd1', secret: 's', role: 'field', user: 'u7', name: 'Планшет' });
  const environment = {
    now: () => 5,
    mono: () => 5,
    randomBytes: (length: number) => new Uint8Array(length)
  };
  const portal = () => Promise.resolve({ status: 200, contentType: 'text/html', json: undefined });
  const options = { build: 'test', limits: { batchLength: 1000, maxBytes: 1000 } };
  expect(await exchange(database, environment, portal, options)).toMatchObject({ type: 'foreign_answer' });
  await exchange(database, environment, () => Promise.reject(new TypeError('network')), options);
  const journal = (await database.meta.get('state'))?.journal ?? [];
  expect(journal.map(({ reason }) => reason)).toEqual(['no_network', 'foreign_answer']);
});
