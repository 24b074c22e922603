import { expect, test } from 'vitest';
import { applyAnswer } from './apply-answer.ts';
import { DeviceDatabase } from './database.ts';
import { removeDraft, saveDraft } from './drafts.ts';
import { ensureIdentity } from './identity.ts';
import { noteFailure } from './journal.ts';
import { forgetRetained } from './retention.ts';
import { forgetAttention, write } from './write.ts';

const environment = {
  now: () => 1_000,
  mono: () => 0,
  randomBytes: (length: number) => new Uint8Array(length)
};

/** The durability that each writing transaction asks for, in order. */
function watch(): readonly string[] {
  const asked: string[] = [];
  // Dexie binds a connection's `transaction` when it opens it.
  const connections = IDBDatabase.prototype as unknown as {
    transaction: (this: IDBDatabase, ...given: Parameters<IDBDatabase['transaction']>) => IDBTransaction;
  };
  const begin = connections.transaction;
  connections.transaction = function (...given) {
    if (given[1] === 'readwrite') asked.push(given[2]?.durability ?? 'not named');
    return begin.apply(this, given);
  };
  return asked;
}

test('every way to write asks for the disk', async () => {
  const asked = watch();
  const database = new DeviceDatabase('durability');
  const change = { type: 'person', id: 'p1', set: { surname: 'Иванова' } } as const;
  const writers: readonly (() => Promise<unknown>)[] = [
    () => ensureIdentity(database, { device: 'd1', secret: 's', role: 'field', user: 'u1', name: '' }),
    () => write(database, environment, { by: 'u1', changes: [change] }),
    () => saveDraft(database, { id: 'd', kind: 'note', updatedAt: 1, content: {} }),
    () => removeDraft(database, 'd'),
    () => noteFailure(database, environment.now, 'no_network'),
    () => forgetRetained(database),
    () => forgetAttention(database, 1),
    () =>
      applyAnswer(
        database,
        environment,
        { epoch: null, head: null, device: 'd1', now: 1, clock: 0 },
        { kind: 'epoch_changed', z: 1, epoch: 'e1', now: 5, restoredTo: 0 }
      )
  ];
  for (const [index, writer] of writers.entries()) {
    await writer();
    expect(asked, String(writer)).toHaveLength(index + 1);
  }
  expect(new Set(asked)).toEqual(new Set(['strict']));
});
