import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openPostgresStorage } from '#server/storage/postgres-storage.ts';
import type { ServerStorage } from '#server/storage/server-storage.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';

/** The server's database of one schedule. Only what is closed may be copied aside or put back. */
export interface KeptDatabase {
  /** Beside the database; no copy holds it. */
  readonly ledger: string;
  readonly open: () => Promise<ServerStorage>;
  readonly copyAside: (name: string) => Promise<void>;
  /** Puts an earlier copy in the place of what is there. */
  readonly putBack: (name: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

let scratch: string | undefined;
let template: Promise<string> | undefined;

/** The folder of this process for database files: memory where the system has it, because no schedule cuts power. */
function scratchFolder(): string {
  if (scratch === undefined) {
    const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'zimnik-sim-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    scratch = folder;
  }
  return scratch;
}

/** An empty database in the present shape, made once: every schedule begins with a copy. */
async function emptyDatabase(): Promise<string> {
  template ??= (async () => {
    const file = join(scratchFolder(), 'empty.sqlite');
    await openSqliteStorage({ file }).close();
    return file;
  })();
  return template;
}

/** One SQLite file of a schedule's own. */
export async function sqliteDatabase(seed: number): Promise<KeptDatabase> {
  const folder = mkdtempSync(join(scratchFolder(), `${seed}-`));
  const file = join(folder, 'centre.sqlite');
  const aside = (name: string): string => join(folder, `${name}.sqlite`);
  copyFileSync(await emptyDatabase(), file);
  return {
    ledger: join(folder, 'erased.jsonl'),
    open: () => Promise.resolve(openSqliteStorage({ file })),
    copyAside: (name) => Promise.resolve(copyFileSync(file, aside(name))),
    putBack: (name) => {
      for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
      return Promise.resolve(copyFileSync(aside(name), file));
    },
    remove: () => Promise.resolve(rmSync(folder, { recursive: true, force: true }))
  };
}

/** One PostgreSQL schema of a schedule's own, in a database that is there for the simulation. */
export async function postgresDatabase(url: string, seed: number): Promise<KeptDatabase> {
  const schema = `sim_${process.pid}_${seed}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const asides = new Set<string>();
  let returning: string | undefined;

  const remove = (name: string) => client.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
  const tablesOf = async (name: string): Promise<readonly string[]> => {
    const found = await client.query<{ tablename: string }>(
      'SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY tablename',
      [name]
    );
    return found.rows.map((row) => row.tablename).filter((table) => table !== 'schema_steps');
  };
  await remove(schema);
  await client.query(`CREATE SCHEMA ${schema}`);

  const folder = mkdtempSync(join(scratchFolder(), `${seed}-`));
  return {
    ledger: join(folder, 'erased.jsonl'),
    async open() {
      const storage = await openPostgresStorage({ url, schema, readers: 1 });
      // As a restore does it: the tables in their present shape first, then the rows of the copy.
      const from = returning;
      returning = undefined;
      if (from !== undefined)
        for (const table of await tablesOf(from))
          await client.query(`INSERT INTO ${schema}.${table} SELECT * FROM ${from}.${table}`);
      return storage;
    },
    async copyAside(name) {
      const aside = `${schema}_${name}`;
      asides.add(aside);
      await client.query(`CREATE SCHEMA ${aside}`);
      for (const table of await tablesOf(schema))
        await client.query(`CREATE TABLE ${aside}.${table} AS TABLE ${schema}.${table}`);
    },
    async putBack(name) {
      returning = `${schema}_${name}`;
      await remove(schema);
      await client.query(`CREATE SCHEMA ${schema}`);
    },
    async remove() {
      for (const name of [schema, ...asides]) await remove(name);
      rmSync(folder, { recursive: true, force: true });
      await client.end();
    }
  };
}
