import Database from 'better-sqlite3';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addModulo, checkModulus, subtractModulo } from '#domain/sync/protocol.ts';
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

test('a body that waits for the event loop still commits whole or not at all', async () => {
  const row = { id: 'c', seq: 0, hash: '', epoch: 'e', key: new Uint8Array([1]), lastNow: 0, durable: 0 };
  const beside = new Database(file);
  const committed = () => beside.prepare('SELECT seq FROM centres').pluck().all();
  const body = (lastStep: () => void) =>
    storage.withTransaction(async (tx) => {
      await tx.putCentre(row);
      await new Promise((resolve) => setImmediate(resolve));
      // Where better-sqlite3's own transaction() had committed long ago, nothing is to be seen from outside.
      expect(committed()).toEqual([]);
      await tx.putCentre({ ...row, seq: 1 });
      lastStep();
    });
  const fault = (): void => {
    throw new Error('the power is cut here');
  };
  await expect(body(fault)).rejects.toThrow('the power is cut');
  expect(committed()).toEqual([]);
  await body(() => undefined);
  expect(committed()).toEqual([1]);
  beside.close();
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
