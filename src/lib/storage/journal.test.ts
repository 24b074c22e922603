import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { DeviceDatabase, type ExchangeEntry, type ExchangeFailure } from './database.ts';
import { ensureIdentity } from './identity.ts';
import { noteDelivered, noteFailure } from './journal.ts';

let serial = 0;
async function newDatabase(): Promise<DeviceDatabase> {
  const database = new DeviceDatabase(`journal-${serial++}`);
  await ensureIdentity(database, { device: 'd1', secret: 's', role: 'field', user: 'u7', name: 'Планшет' });
  return database;
}
const journalOf = async (database: DeviceDatabase) => (await database.meta.get('state'))?.journal ?? [];

describe('the journal of exchanges', () => {
  it('keeps one line for the same failure many times in a row, with how often and since when', async () => {
    const database = await newDatabase();
    for (const at of [10, 20, 30]) await noteFailure(database, () => at, 'no_network');
    expect(await journalOf(database)).toMatchObject([
      { result: 'failed', reason: 'no_network', at: 30, since: 10, times: 3 }
    ]);
    await noteFailure(database, () => 40, 'sign_in');
    expect((await journalOf(database)).map(({ reason }) => reason)).toEqual(['sign_in', 'no_network']);
  });

  it('is bounded, and failures never push out what was delivered before', async () => {
    const database = await newDatabase();
    const delivered: ExchangeEntry = { at: 1, sent: 2, received: 0, refused: 0, result: 'delivered' };
    const state = await database.meta.get('state');
    if (state === undefined) throw new Error('no identity');
    await database.meta.put({ ...state, journal: [...noteDelivered([], delivered)] });
    const kinds: readonly ExchangeFailure[] = ['no_network', 'foreign_answer'];
    for (let index = 0; index < 60; index++)
      await noteFailure(database, () => 100 + index, kinds[index % 2] ?? 'refused');
    const journal = await journalOf(database);
    expect(journal.filter(({ result }) => result === 'failed')).toHaveLength(20);
    expect(journal.at(-1)).toEqual(delivered);
    expect(journal[0]?.at).toBe(159);
  });
});
