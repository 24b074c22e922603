import Database from 'better-sqlite3';
import { migrate } from './migrations.ts';
import type { ReadSnapshot, ServerStorage, WriteTransaction } from './server-storage.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import { WorkQueue } from './work-queue.ts';

export interface SqliteOptions {
  /** Path of the database file; its folder must exist. */
  readonly file: string;
  /** How long a statement waits for another process's lock, ms; 5,000 unless told. */
  readonly busyTimeoutMs?: number;
}

/** PRAGMA synchronous answers 2 for FULL. */
const synchronousFull = 2;

/**
 * Opens the embedded database: one file in WAL mode, synced at every commit, brought to the present shape.
 * Throws when the file system does not grant that durability.
 */
export function openSqliteStorage(options: SqliteOptions): ServerStorage {
  const busyTimeoutMs = options.busyTimeoutMs ?? 5_000;
  const writing = new Database(options.file, { timeout: busyTimeoutMs });
  writing.pragma('journal_mode = WAL');
  writing.pragma('synchronous = FULL');
  // What is overwritten or deleted leaves no trace in the file: erased data would else stay there until its place is used.
  writing.pragma('secure_delete = ON');
  if (writing.pragma('journal_mode', { simple: true }) !== 'wal')
    throw new Error(`WAL is not available for ${options.file}`);
  if (writing.pragma('synchronous', { simple: true }) !== synchronousFull)
    throw new Error(`synchronous=FULL is not available for ${options.file}`);
  // A push of 1,000 marks writes some 2 MB: with what SQLite takes for itself (2 MB of cache, the log brought over at
  // 4 MB) every second commit would also write the database file.
  writing.pragma('cache_size = -16384');
  writing.pragma('wal_autocheckpoint = 4096');
  migrate(writing);

  const reading = new Database(options.file, { timeout: busyTimeoutMs });
  reading.pragma('query_only = true');

  const writer = new SqliteWriter(writing);
  const reader = new SqliteReader(reading);
  const writes = new WorkQueue();
  const reads = new WorkQueue();

  return {
    withTransaction: <Value>(body: (tx: WriteTransaction) => Promise<Value>) =>
      writes.run(async () => {
        const value = await within(writing, 'BEGIN IMMEDIATE', () => body(writer));
        // The journal holds the pages as they were before.
        if (writer.takeErased()) writing.pragma('wal_checkpoint(TRUNCATE)');
        return value;
      }),
    readSnapshot: <Value>(body: (snapshot: ReadSnapshot) => Promise<Value>) =>
      reads.run(() => within(reading, 'BEGIN', () => body(reader))),
    get waitingWrites() {
      return writes.length;
    },
    isDatabaseError: (error) => error instanceof Database.SqliteError,
    async close() {
      await writes.run(() => Promise.resolve(writing.close()));
      await reads.run(() => Promise.resolve(reading.close()));
    }
  };
}

/** better-sqlite3's own `transaction()` cannot hold asynchronous bodies: it would commit before they have run. */
async function within<Value>(
  connection: Database.Database,
  begin: 'BEGIN' | 'BEGIN IMMEDIATE',
  body: () => Promise<Value>
): Promise<Value> {
  connection.exec(begin);
  try {
    const value = await body();
    connection.exec('COMMIT');
    return value;
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
