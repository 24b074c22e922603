import 'fake-indexeddb/auto';
import type { DBCore, DBCoreMutateRequest } from 'dexie';
import { expect, test } from 'vitest';
import type { SyncResponse } from '#domain/sync/protocol.ts';
import { applyAnswer } from './apply-answer.ts';
import { DeviceDatabase } from './database.ts';
import type { DeviceEnvironment } from './environment.ts';
import { ensureIdentity } from './identity.ts';
import { readRecord } from './read.ts';
import { write } from './write.ts';

const now = 1_764_000_000_000;
const environment: DeviceEnvironment = {
  now: () => now,
  mono: () => 1_000,
  page: 'page1',
  randomBytes: (length) => new Uint8Array(length)
};

/** How many rows are written to each table, by rows. */
function countWrites(database: DeviceDatabase): Map<string, number> {
  const written = new Map<string, number>();
  const rowsOf = (request: DBCoreMutateRequest): number =>
    request.type === 'deleteRange'
      ? 1
      : request.type === 'delete'
        ? request.keys.length
        : request.values.length;
  database.use({
    stack: 'dbcore',
    name: 'counting',
    create: (core): DBCore => ({
      ...core,
      table: (name) => {
        const table = core.table(name);
        return {
          ...table,
          mutate: (request) => {
            written.set(name, (written.get(name) ?? 0) + rowsOf(request));
            return table.mutate(request);
          }
        };
      }
    })
  });
  return written;
}

test('an answer to a hundred own marks writes each of their rows once, and empties what it makes empty in one piece', async () => {
  const database = new DeviceDatabase('rows-in-hand');
  const written = countWrites(database);
  const device = { device: 'd1', secret: 's', role: 'field', user: 'u7', name: 'Планшет № 1' } as const;
  await ensureIdentity(database, device);
  const apply = async (parts: Partial<Extract<SyncResponse, { kind: 'ok' }>>) => {
    const { epoch = null, head = null } = (await database.meta.get('state')) ?? {};
    const empty = {
      acks: [],
      revoked: [],
      streams: [],
      durable: 0,
      minBuild: '',
      head: [0, ''] as [number, string]
    };
    await applyAnswer(
      database,
      environment,
      { epoch, device: 'd1', head, now, clock: 0 },
      { z: 1, kind: 'ok', epoch: 'e1', now, ...empty, ...parts }
    );
  };
  // The stream has been loaded before.
  const loaded = { stream: 'attendance', from: 0, to: 1, rows: [], gone: [], more: false };
  await apply({ head: [1, 'g'], streams: [loaded] });
  const ids = Array.from({ length: 100 }, (_, index) => `s1~p${index}`);
  for (const id of ids)
    await write(database, environment, {
      by: 'u7',
      changes: [{ type: 'attendance', id, set: { status: 'late' } }]
    });
  written.clear();

  const rows = ids.map((k, index) => ({
    e: 'attendance',
    k,
    seq: index + 2,
    by: 'u7',
    at: now,
    f: { status: 'late' }
  }));
  await apply({
    head: [101, 'h'],
    acks: [{ o: 'applied', n: 1, to: 100, seq: 2 }],
    streams: [{ stream: 'attendance', from: 1, to: 101, rows, gone: [], more: false }]
  });
  expect(Object.fromEntries(written)).toEqual({
    outbox: 1,
    retained: 100,
    records: 100,
    confirmed: 1,
    cursors: 1,
    meta: 1
  });
  expect(await database.outbox.count()).toBe(0);
  expect(await database.confirmed.count()).toBe(0);
  expect(await database.retained.where('settled').equals(1).count()).toBe(100);
  expect((await readRecord(database, 'attendance', 's1~p99'))?.values.status).toBe('late');
});
