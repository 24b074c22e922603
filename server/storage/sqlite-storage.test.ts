import Database from 'better-sqlite3';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addModulo, checkModulus, checkPart, subtractModulo } from '#domain/sync/protocol.ts';
import type { StoredRecord } from '#domain/sync/merge.ts';
import { migrate } from './migrations.ts';
import * as schema from './schema.ts';
import type { ServerStorage } from './server-storage.ts';
import { openSqliteStorage } from './sqlite-storage.ts';

let folder: string;
let file: string;
let storage: ServerStorage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zimnik-storage-'));
  file = join(folder, 'centre.sqlite');
  storage = openSqliteStorage({ file });
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const centre = { id: 'c', seq: 0, hash: '', epoch: 'e', key: new Uint8Array([1, 2]), lastNow: 0, durable: 0 };
function person(id: string, seq: number, deletedAt: number | null = null): StoredRecord {
  const meta = { s: seq, t: 1, d: 'd', n: 1, by: 'u', b: 0 };
  return {
    e: 'person',
    k: id,
    seq,
    by: 'u',
    at: 1,
    born: 'd',
    fields: { deletedAt: { v: deletedAt, ...meta } }
  };
}

test('a transaction that throws after any of its writes leaves nothing', async () => {
  const failing = storage.withTransaction(async (tx) => {
    await tx.putCentre(centre);
    await tx.putRecords('c', [{ before: undefined, after: person('p', 1) }]);
    throw new Error('power');
  });
  await expect(failing).rejects.toThrow('power');
  const left = await storage.readSnapshot(async (snapshot) => [
    await snapshot.centre('c'),
    await snapshot.recordsOfType('c', 'person'),
    await snapshot.streamSum('c', 'people')
  ]);
  expect(left).toEqual([undefined, [], [0, 0]]);
});

test('transactions run one after another, even when their bodies wait for each of their steps', async () => {
  const order: string[] = [];
  const body = (name: string) =>
    storage.withTransaction(async (tx) => {
      const before = (await tx.centre('c'))?.seq ?? 0;
      order.push(`${name} begins at ${before}`);
      await tx.putCentre({ ...centre, seq: before + 1 });
      await tx.centre('c');
      order.push(`${name} ends`);
    });
  const all = [body('a'), body('b'), body('c')];
  expect(storage.waitingWrites).toBe(3);
  await Promise.all(all);
  expect(order).toEqual(['a begins at 0', 'a ends', 'b begins at 1', 'b ends', 'c begins at 2', 'c ends']);
  expect(storage.waitingWrites).toBe(0);
});

test('a snapshot does not see what is committed while it is read', async () => {
  await storage.withTransaction((tx) => tx.putCentre(centre));
  const seen = await storage.readSnapshot(async (snapshot) => {
    const first = await snapshot.centre('c');
    const beside = new Database(file);
    beside.exec('UPDATE centres SET seq = 5');
    beside.close();
    return [first?.seq, (await snapshot.centre('c'))?.seq];
  });
  expect(seen).toEqual([0, 0]);
});

test('a part that fails alone is taken back alone', async () => {
  await storage.withTransaction(async (tx) => {
    await tx.putCentre(centre);
    const failing = tx.savepoint(async () => {
      await tx.putCentre({ ...centre, seq: 9 });
      throw new Error('part');
    });
    await expect(failing).rejects.toThrow('part');
  });
  expect((await storage.readSnapshot((snapshot) => snapshot.centre('c')))?.seq).toBe(0);
});

test('deleted records are in their stream and not in its sum', async () => {
  const alive = person('a', 1);
  const removed = person('a', 3, 7);
  await storage.withTransaction(async (tx) => {
    await tx.putRecords('c', [
      { before: undefined, after: alive },
      { before: undefined, after: person('b', 2) }
    ]);
    await tx.putRecords('c', [{ before: alive, after: removed }]);
  });
  const [sum, page] = await storage.readSnapshot(
    async (snapshot) =>
      [await snapshot.streamSum('c', 'people'), await snapshot.streamRows('c', 'people', 0, 1e6)] as const
  );
  expect(sum).toEqual([1, checkPart('person', 'b', 2)]);
  expect(page.rows.map((row) => [row.k, row.seq])).toEqual([
    ['b', 2],
    ['a', 3]
  ]);
});

test('sums stay exact at the edge of whole numbers', () => {
  expect(addModulo(checkModulus - 1, 1)).toBe(0);
  expect(addModulo(checkModulus - 2, 5)).toBe(3);
  expect(subtractModulo(3, 5)).toBe(checkModulus - 2);
});

test('opening twice changes nothing, and the log cannot be deleted', async () => {
  const shape = (): unknown =>
    new Database(file).prepare('SELECT sql FROM sqlite_master ORDER BY name').all();
  const before = shape();
  const second = openSqliteStorage({ file });
  migrate(new Database(file));
  await second.close();
  expect(shape()).toEqual(before);
  const connection = new Database(file);
  connection.exec(
    `INSERT INTO operations VALUES ('c', 1, 'operation', 'd', 1, 1, 'u', 0, 0, 'applied', NULL, NULL, '[]', '[]', NULL, '', NULL, 0, '')`
  );
  expect(() => connection.exec('DELETE FROM operations')).toThrow('append-only');
  connection.close();
});

test('the schema that queries are written against is the one that migrations make', () => {
  const connection = new Database(file);
  for (const table of Object.values(schema) satisfies SQLiteTable[]) {
    const { name, columns } = getTableConfig(table);
    const made = connection.prepare<[], { name: string; type: string; notnull: number; pk: number }>(
      `SELECT name, type, "notnull", pk FROM pragma_table_info('${name}')`
    );
    expect([name, made.all().map((row) => [row.name, row.type, row.notnull === 1 || row.pk > 0])]).toEqual([
      name,
      columns.map((column) => [
        column.name,
        column.getSQLType().toUpperCase(),
        column.notNull || column.primary
      ])
    ]);
  }
  connection.close();
});
