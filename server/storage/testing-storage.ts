import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openPostgresStorage } from './postgres-storage.ts';
import type { ServerStorage } from './server-storage.ts';
import { openSqliteStorage } from './sqlite-storage.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL that is there for the tests; undefined = the embedded SQLite is tested. */
    readonly postgresUrl: string | undefined;
  }
}

/** A database of a test's own, the one that the test project names. */
export interface TestStorage {
  readonly storage: ServerStorage;
  /** A folder for whatever else the test keeps. */
  readonly folder: string;
  /** Opens the same database once more, as another process does. */
  again(): Promise<ServerStorage>;
  /** Changes the data past the storage, on a connection of its own. */
  meddle(sql: string): Promise<void>;
  /** From now on the database itself refuses new rows of a table, or those with one id. */
  refuseInserts(table: 'records' | 'operations', id?: string): Promise<void>;
  allowInserts(table: 'records' | 'operations'): Promise<void>;
  close(): Promise<void>;
}

export async function openTestStorage(): Promise<TestStorage> {
  const folder = mkdtempSync(join(tmpdir(), 'zimnik-storage-'));
  const url = inject('postgresUrl');
  const kept = url === undefined ? sqlite(folder) : await postgres(url);
  const storage = await kept.again();
  return {
    ...kept,
    storage,
    folder,
    async close() {
      await storage.close();
      await kept.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

type Kept = Omit<TestStorage, 'storage' | 'folder' | 'close'> & { remove(): Promise<void> };

function sqlite(folder: string): Kept {
  const file = join(folder, 'centre.sqlite');
  const meddle = (sql: string): Promise<void> => {
    const beside = new Database(file);
    beside.exec(sql);
    beside.close();
    return Promise.resolve();
  };
  return {
    again: () => Promise.resolve(openSqliteStorage({ file })),
    meddle,
    refuseInserts: (table, id) =>
      meddle(`CREATE TRIGGER refuse BEFORE INSERT ON ${table} ${id === undefined ? '' : `WHEN NEW.id = '${id}'`}
        BEGIN SELECT RAISE(ABORT, 'disk'); END`),
    allowInserts: () => meddle('DROP TRIGGER refuse'),
    remove: () => Promise.resolve()
  };
}

async function postgres(url: string): Promise<Kept> {
  const schema = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  const meddle = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url, options: `-c search_path=${schema}` });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await meddle(`CREATE SCHEMA ${schema}`);
  return {
    again: () => openPostgresStorage({ url, schema, readers: 2 }),
    meddle,
    refuseInserts: (table, id) =>
      meddle(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON ${table} FOR EACH ROW
        ${id === undefined ? '' : `WHEN (NEW.id = '${id}')`} EXECUTE FUNCTION refuse()`),
    allowInserts: (table) => meddle(`DROP TRIGGER refuse ON ${table}; DROP FUNCTION refuse()`),
    remove: () => meddle(`DROP SCHEMA ${schema} CASCADE`)
  };
}
