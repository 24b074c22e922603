import { expect, test } from 'vitest';
import type { SyncRequest } from '#domain/sync/protocol.ts';
import { noteFailure } from '$lib/storage/journal.ts';
import { saveDraft } from '$lib/storage/drafts.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { NewerDatabaseError, presentProgram, type Program } from '$lib/storage/program.ts';
import { forgetRetained } from '$lib/storage/retention.ts';
import { write } from '$lib/storage/write.ts';
import { exchange } from './exchange.ts';

const next: Program = { schema: 2, writer: 2, minWriter: 2 };
const environment = {
  now: () => 1_000,
  mono: () => 0,
  randomBytes: (length: number) => new Uint8Array(length)
};
const identity = { device: 'd1', secret: 's', role: 'field', user: 'u1', name: 'Планшет' } as const;
const change = { type: 'person', id: 'p1', set: { surname: 'Иванова' } } as const;
let serial = 0;

/** A database that an older program made and a newer one wrote, opened by the older one again. */
async function rolledBack(): Promise<DeviceDatabase> {
  const name = `program-${serial++}`;
  const older = new DeviceDatabase(name);
  await ensureIdentity(older, identity);
  await write(older, environment, { by: 'u1', changes: [change] });
  older.close();
  const newer = new DeviceDatabase(name, {}, next);
  await write(newer, environment, { by: 'u1', changes: [change] });
  newer.close();
  return new DeviceDatabase(name);
}

const content = (database: DeviceDatabase) => Promise.all(database.tables.map((table) => table.toArray()));

test('an older program writes nothing into what a newer one has written', async () => {
  const database = await rolledBack();
  const before = await content(database);
  const draft = { id: 'd', kind: 'note', updatedAt: 1, content: {} };
  const writers = [
    () => write(database, environment, { by: 'u1', changes: [change] }),
    () => saveDraft(database, draft),
    () => noteFailure(database, () => 1, 'no_network'),
    () => forgetRetained(database)
  ];
  for (const writer of writers) await expect(writer()).rejects.toThrow(NewerDatabaseError);
  expect(await ensureIdentity(database, identity)).toMatchObject({ device: 'd1' });
  expect(await content(database)).toEqual(before);
});

test('it still brings what waits, batch by batch, and keeps nothing of the answers', async () => {
  const database = await rolledBack();
  const before = await content(database);
  const sent: SyncRequest[] = [];
  const result = await exchange(
    database,
    environment,
    (request) => {
      sent.push(request);
      const n = sent.length;
      const json = {
        kind: 'ok',
        z: 1,
        epoch: 'e1',
        now: 5,
        head: [n, 'h'],
        acks: [{ o: 'applied', n, seq: n }],
        streams: [],
        revoked: [],
        durable: 0,
        minBuild: ''
      };
      return Promise.resolve({ status: 200, contentType: '', json });
    },
    { build: 'old', limits: { batchLength: 1, maxBytes: 4_000_000 } }
  );
  expect(result).toEqual({ type: 'read_only' });
  expect(sent.map(({ ops }) => (ops[0] as { n: number; v: number }).n)).toEqual([1, 2]);
  expect(sent.map(({ ops }) => (ops[0] as { n: number; v: number }).v)).toEqual([1, 2]);
  expect(await content(database)).toEqual(before);
});

test('programs of the same age write beside each other', async () => {
  const database = new DeviceDatabase(`program-${serial++}`, {}, { ...presentProgram, writer: 5 });
  await ensureIdentity(database, identity);
  database.close();
  const other = new DeviceDatabase(database.name);
  await expect(write(other, environment, { by: 'u1', changes: [change] })).resolves.toEqual({ n: 1 });
});
