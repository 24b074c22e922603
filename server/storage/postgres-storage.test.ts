import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as schema from './postgres-schema.ts';
import type { CentreRow, ServerStorage } from './server-storage.ts';
import { openTestStorage, type TestStorage } from './testing-storage.ts';

let kept: TestStorage;
beforeEach(async () => {
  kept = await openTestStorage();
});
afterEach(() => kept.close());

const centre: CentreRow = {
  id: 'c',
  seq: 0,
  hash: '',
  epoch: 'e',
  key: Buffer.from([1, 2]),
  lastNow: 0,
  durable: 0
};

test('transactions of two processes on one centre come one after another, from the very first', async () => {
  const other = await kept.again();
  const order: string[] = [];
  const add = (through: ServerStorage, name: string) =>
    through.withTransaction(async (tx) => {
      const present = (await tx.centre('c')) ?? centre;
      order.push(`${name} reads`);
      await tx.putCentre({ ...present, seq: present.seq + 1 });
      order.push(`${name} writes`);
    });
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? add(kept.storage, 'one') : add(other, 'two')))
  );
  const pairs = Array.from({ length: 20 }, (_, index) => order.slice(2 * index, 2 * index + 2));
  for (const [reads = '', writes] of pairs) expect(writes).toBe(reads.replace('reads', 'writes'));
  expect((await other.readSnapshot((snapshot) => snapshot.centre('c')))?.seq).toBe(20);
  await other.close();
});

test('several processes may bring a new database to its shape at once, and again', async () => {
  await kept.meddle(
    `DO $$ DECLARE mine text := current_schema(); BEGIN
       EXECUTE format('DROP SCHEMA %I CASCADE', mine); EXECUTE format('CREATE SCHEMA %I', mine); END $$`
  );
  const opened = await Promise.all(Array.from({ length: 4 }, () => kept.again()));
  await Promise.all(opened.map((storage) => storage.close()));
  await kept.storage.withTransaction((tx) => tx.putCentre(centre));
});

test('a body that swallows an error of the database does not pass for committed', async () => {
  const swallowing = kept.storage.withTransaction(async (tx) => {
    await tx.putCentre(centre);
    await tx.addEpoch('c', { epoch: 'e', firstSeq: Number.MAX_VALUE, restoredTo: 0 }).catch(() => undefined);
  });
  await expect(swallowing).rejects.toThrow('rolled the transaction back');
  expect(await kept.storage.readSnapshot((snapshot) => snapshot.centre('c'))).toBeUndefined();
});

test('a connection that the database ends is an error of the database, and the next transaction gets another', async () => {
  await kept.storage.withTransaction((tx) => tx.putCentre(centre));
  const cut = kept.storage.withTransaction(async (tx) => {
    await tx.putCentre({ ...centre, seq: 7 });
    await kept.meddle(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE state = 'idle in transaction' AND query LIKE '%last_now%' AND pid <> pg_backend_pid()`
    );
    await tx.centre('c');
  });
  const error = await cut.catch((failure: unknown) => failure);
  expect(kept.storage.isDatabaseError(error), String(error)).toBe(true);
  expect((await kept.storage.withTransaction((tx) => tx.centre('c')))?.seq).toBe(0);
});

test('one transaction writes one centre, and the log cannot be emptied', async () => {
  const both = kept.storage.withTransaction(async (tx) => {
    await tx.putCentre(centre);
    await tx.putCentre({ ...centre, id: 'other' });
  });
  await expect(both).rejects.toThrow('one centre');
  await expect(kept.meddle('DELETE FROM operations')).rejects.toThrow('append-only');
  await expect(kept.meddle('TRUNCATE operations')).rejects.toThrow('append-only');
});

test('a bug in a caller is no error of the database', () => {
  expect(kept.storage.isDatabaseError(new TypeError('x is undefined'))).toBe(false);
  expect(kept.storage.isDatabaseError(new pg.DatabaseError('disk', 4, 'error'))).toBe(true);
});

test('the schema that queries are written against is the one that migrations make', async () => {
  const made: string[] = [];
  const wanted = Object.values(schema).flatMap((table: PgTable) => {
    const { name, columns } = getTableConfig(table);
    return columns.map((column) =>
      [name, column.name, column.getSQLType(), column.notNull || column.primary ? 'NO' : 'YES'].join(' ')
    );
  });
  // PostgreSQL tells its own shape by an error that carries it.
  await kept
    .meddle(
      `DO $$ BEGIN RAISE EXCEPTION '%', (SELECT string_agg(concat_ws(' ', table_name, column_name, data_type, is_nullable), E'\\n'
         ORDER BY table_name, ordinal_position) FROM information_schema.columns WHERE table_schema = current_schema()); END $$`
    )
    .catch((error: unknown) => made.push(...String(error instanceof Error ? error.message : '').split('\n')));
  for (const column of wanted) expect(made).toContain(column);
});
