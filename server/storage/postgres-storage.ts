import pg from 'pg';
import { migratePostgres } from './postgres-migrations.ts';
import { PostgresReader } from './postgres-reader.ts';
import { PostgresWriter } from './postgres-writer.ts';
import type { ReadSnapshot, ServerStorage, WriteTransaction } from './server-storage.ts';
import { WorkQueue } from './work-queue.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** The schema to keep the tables in; the database's own unless told. */
  readonly schema?: string;
  /** Connections of this process for reading; writing takes one more. 8 unless told. */
  readonly readers?: number;
  /** A connection that broke while it rested. */
  readonly report?: (error: unknown) => void;
}

/** bigint: counters and times, all below 2⁵³. */
const int8: number = pg.types.builtins.INT8;
const parsers = new pg.TypeOverrides();
parsers.setTypeParser(int8, Number);
/** A lost host is noticed after so long instead of hanging for ever, ms. */
const connectTimeoutMs = 10_000;

/** By this name a server's connections are told from those of other programs. */
export const applicationName = 'zimnik';

/** Connections of Zimnik servers to the database of this client. */
export async function connectedServers(client: pg.ClientBase): Promise<number> {
  const found = await client.query<{ count: string }>(
    'SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
    [applicationName]
  );
  return Number(found.rows[0]?.count);
}

/** A pool whose connections give whole numbers and sync every commit to disk. */
function openPool(options: PostgresOptions, max: number): pg.Pool {
  const report = options.report ?? (() => undefined);
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: applicationName,
    max,
    types: parsers,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    options: `-c synchronous_commit=on -c timezone=UTC${options.schema === undefined ? '' : ` -c search_path=${options.schema}`}`
  });
  // Without listeners a connection that breaks, at rest or at work, would end the process.
  pool.on('error', report);
  pool.on('connect', (client) => client.on('error', report));
  return pool;
}

/**
 * Opens PostgreSQL for any number of server processes at once and brings it to the present shape.
 * Throws when it cannot be reached, or does not sync commits to disk.
 */
export async function openPostgresStorage(options: PostgresOptions): Promise<ServerStorage> {
  const writing = openPool(options, 1);
  const reading = openPool(options, options.readers ?? 8);
  const close = async (): Promise<void> => {
    await Promise.all([writing.end(), reading.end()]);
  };
  try {
    await prepare(writing);
  } catch (error) {
    await close();
    throw error;
  }
  const writes = new WorkQueue();

  return {
    withTransaction: <Value>(body: (tx: WriteTransaction) => Promise<Value>) =>
      writes.run(() =>
        within(writing, 'BEGIN ISOLATION LEVEL READ COMMITTED', (client) => body(new PostgresWriter(client)))
      ),
    readSnapshot: <Value>(body: (snapshot: ReadSnapshot) => Promise<Value>) =>
      within(reading, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', (client) =>
        body(new PostgresReader(client))
      ),
    get waitingWrites() {
      return writes.length;
    },
    isDatabaseError: isPostgresError,
    close
  };
}

async function prepare(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await migratePostgres(client);
    const commit = await client.query<{ synchronous_commit: string }>('SHOW synchronous_commit');
    if (commit.rows[0]?.synchronous_commit !== 'on')
      throw new Error('PostgreSQL does not grant synchronous_commit=on');
  } finally {
    client.release();
  }
}

/** A connection that failed to end its transaction is thrown away: its state is unknown. */
async function within<Value>(
  pool: pg.Pool,
  begin: string,
  body: (client: pg.PoolClient) => Promise<Value>
): Promise<Value> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    try {
      const value = await body(client);
      // After an error that the body swallowed, PostgreSQL answers COMMIT by rolling back, without an error of its own.
      const ended = await client.query('COMMIT');
      if (ended.command !== 'COMMIT') throw new Error('the database rolled the transaction back');
      return value;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error(String(failure));
      });
      throw error;
    }
  } finally {
    client.release(broken);
  }
}

const networkFailures = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'];

function isPostgresError(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return true;
  if (!(error instanceof Error)) return false;
  if ('code' in error && networkFailures.includes(String(error.code))) return true;
  if (/^Connection terminated|^timeout exceeded when trying to connect|not queryable/.test(error.message))
    return true;
  return isPostgresError(error.cause);
}
