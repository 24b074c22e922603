import { getTableColumns, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';

/**
 * A prepared statement that puts a whole row in the place of the one with the same key; given the row by its field names.
 * For rows that every exchange writes: without it each write would make and prepare its SQL again.
 */
export function upsertOf(orm: BetterSQLite3Database, table: SQLiteTable, target: SQLiteColumn[]) {
  const columns = Object.entries(getTableColumns(table));
  const values = Object.fromEntries(columns.map(([field]) => [field, sql.placeholder(field)]));
  const set = Object.fromEntries(
    columns.map(([field, { name }]) => [field, sql`excluded.${sql.identifier(name)}`])
  );
  return orm.insert(table).values(values).onConflictDoUpdate({ target, set }).prepare();
}
