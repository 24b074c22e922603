import { existsSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import pg from 'pg';
import { fail, ok, type Result } from '#domain/result.ts';
import { openAccounts } from '#server/access/accounts.ts';
import { secretFromFile } from '#server/access/secret-file.ts';
import { dataFiles } from '#server/data-files.ts';
import { tryLock, type Holder } from '#server/data-lock.ts';
import type { FileStore } from '#server/files/file-store.ts';
import { randomBytes } from '#server/platform.ts';
import { connectedServers, openPostgresStorage } from '#server/storage/postgres-storage.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { verify, type VerifyFinding } from '#server/sync/verify.ts';
import { copyFilesIn } from './copy-files.ts';
import type { Progress } from './progress.ts';

export interface MigrationReport {
  readonly operations: number;
  readonly records: number;
  readonly accounts: number;
}
export type MigrationFailure =
  | { readonly type: 'no_data' }
  /** A server works on the data folder. */
  | { readonly type: 'in_use'; readonly holder: Holder }
  /** A server works on the PostgreSQL. */
  | { readonly type: 'target_in_use'; readonly holder: Holder }
  /** The PostgreSQL holds a centre already. */
  | { readonly type: 'not_empty' }
  /** So many rows of a table are in the one, so many in the other; nothing was kept. */
  | { readonly type: 'differs'; readonly table: string; readonly from: number; readonly to: number }
  /** The copy is there, but its records are not what its log tells. */
  | { readonly type: 'not_proved'; readonly findings: readonly VerifyFinding[] };

/** A centre's tables, with the same columns in both; each database keeps its own bookkeeping beside them. */
const centreTables = [
  'centres',
  'epochs',
  'operations',
  'touched',
  'records',
  'record_streams',
  'stream_sums',
  'devices',
  'enrolments',
  'attachments',
  'erased',
  'attachment_names'
];
/** Those of the accounts' library: people, how they sign in, who is signed in. */
const accountTables = ['user', 'account', 'session', 'verification'];
const batchRows = 500;
/** Attachments are large: so many bytes of rows at a time. */
const batchLength = 4_000_000;

/**
 * Copies a centre from the embedded database into an empty PostgreSQL, row by row in one transaction, and proves the copy by
 * replaying its log. Servers of both must be stopped. The data folder stays as it was, with a mark that keeps a server
 * from serving it by mistake: two histories would begin.
 */
export async function migrateToPostgres(
  folder: string,
  url: string,
  {
    centre,
    clock,
    store
  }: { readonly centre: string; readonly clock: () => number; readonly store: FileStore },
  progress: Progress
): Promise<Result<MigrationReport, MigrationFailure>> {
  const files = dataFiles(folder);
  if (!existsSync(files.centre) || !existsSync(files.accounts)) return fail({ type: 'no_data' });
  const lock = tryLock(folder, 'zimnik migrate');
  if (!lock.ok) return lock;
  try {
    const busy = await serversOf(url);
    if (busy > 0) return fail({ type: 'target_in_use', holder: { type: 'connections', count: busy } });
    await bringToPresentShape(folder, url);
    const copied = await copyAll(folder, url, progress);
    if (!copied.ok) return copied;
    // The pictures stay in the data folder, unless another store is named: then they go there.
    await copyFilesIn(folder, store, progress);
    const storage = await openPostgresStorage({ url });
    const report = await verify(storage, centre, nodeHashing, progress, store).finally(() => storage.close());
    if (report.findings.length > 0) return fail({ type: 'not_proved', findings: report.findings });
    writeFileSync(files.moved, `${new Date(clock()).toISOString()}\n`);
    const { operations, records } = report;
    return ok({ operations, records, accounts: copied.value.get('user') ?? 0 });
  } finally {
    lock.value.release();
  }
}

async function serversOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await connectedServers(client);
  } finally {
    await client.end();
  }
}

/** Both databases get the tables of this program, by the code that every start runs. */
async function bringToPresentShape(folder: string, url: string): Promise<void> {
  const files = dataFiles(folder);
  await openSqliteStorage({ file: files.centre }).close();
  await (await openPostgresStorage({ url })).close();
  const secret = secretFromFile(files.secret, randomBytes);
  for (const database of [{ file: files.accounts }, { pool: new pg.Pool({ connectionString: url }) }])
    await (await openAccounts({ database, secret, url: 'http://localhost' })).close();
}

async function copyAll(
  folder: string,
  url: string,
  progress: Progress
): Promise<Result<ReadonlyMap<string, number>, MigrationFailure>> {
  const files = dataFiles(folder);
  const sources = [
    { database: new Database(files.centre, { readonly: true }), tables: centreTables },
    { database: new Database(files.accounts, { readonly: true }), tables: accountTables }
  ];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const counts = new Map<string, number>();
  try {
    await client.query('BEGIN');
    if (!(await isEmpty(client))) return fail({ type: 'not_empty' });
    // Someone may have started a server on it once: the centre without people that it made is none.
    await client.query(
      'DELETE FROM centres; DELETE FROM epochs; DELETE FROM secrets; DELETE FROM verification'
    );
    await client.query("INSERT INTO secrets (name, value) VALUES ('cookies', $1)", [
      secretFromFile(files.secret, randomBytes)
    ]);
    for (const { database, tables } of sources)
      for (const table of tables) {
        const from = await copyTable(database, client, table, progress);
        const answer = await client.query<{ count: string }>(`SELECT count(*) FROM ${quoted(table)}`);
        const to = Number(answer.rows[0]?.count);
        if (from !== to) return fail({ type: 'differs', table, from, to });
        counts.set(table, to);
      }
    await client.query('COMMIT');
    return ok(counts);
  } finally {
    // Without a COMMIT the end of the connection takes everything back.
    await client.end();
    for (const { database } of sources) database.close();
  }
}

async function isEmpty(client: pg.Client): Promise<boolean> {
  const found = await client.query<{ there: boolean }>(
    'SELECT EXISTS (SELECT 1 FROM operations) OR EXISTS (SELECT 1 FROM devices) OR EXISTS (SELECT 1 FROM "user") AS there'
  );
  return found.rows[0]?.there === false;
}

/** Copies one table by the names of its columns. Returns how many rows there were. */
async function copyTable(
  database: Database.Database,
  client: pg.Client,
  table: string,
  progress: Progress
): Promise<number> {
  const types = await columnTypes(client, table);
  const total = Number(
    database
      .prepare(`SELECT count(*) FROM ${quoted(table)}`)
      .pluck()
      .get()
  );
  const rows = database.prepare(`SELECT * FROM ${quoted(table)}`);
  let batch: string[] = [];
  let length = 0;
  let done = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    await client.query(
      `INSERT INTO ${quoted(table)} SELECT * FROM json_populate_recordset(NULL::${quoted(table)}, $1::json)`,
      [`[${batch.join(',')}]`]
    );
    done += batch.length;
    progress('copied', done, total);
    [batch, length] = [[], 0];
  };
  for (const row of rows.iterate() as IterableIterator<Record<string, unknown>>) {
    const text = JSON.stringify(
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, converted(value, types.get(name))])
      )
    );
    batch.push(text);
    length += text.length;
    if (batch.length >= batchRows || length >= batchLength) await flush();
  }
  await flush();
  return total;
}

async function columnTypes(client: pg.Client, table: string): Promise<ReadonlyMap<string, string>> {
  const found = await client.query<{ column_name: string; data_type: string }>(
    'SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1',
    [table]
  );
  return new Map(found.rows.map((row) => [row.column_name, row.data_type]));
}

/** A value of SQLite as the JSON that PostgreSQL reads as a value of this type. */
function converted(value: unknown, type: string | undefined): unknown {
  if (value === null) return null;
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (type === 'jsonb' && typeof value === 'string') return JSON.parse(value) as unknown;
  if (type === 'boolean') return value === 1;
  if (type?.startsWith('timestamp') === true && typeof value === 'number')
    return new Date(value).toISOString();
  return value;
}

function quoted(name: string): string {
  return `"${name}"`;
}
