import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { fail, ok, type Result } from '#domain/result.ts';
import { dataFiles, ensureDataFolder } from './data-files.ts';

/** Who works on the data now. */
export type Holder =
  /** `about`: the address that it serves, or the command that it does. */
  | { readonly type: 'process'; readonly process: number; readonly about: string }
  /** Servers of one PostgreSQL. */
  | { readonly type: 'connections'; readonly count: number }
  | { readonly type: 'unknown' };

/** A data folder on the embedded database belongs to one server process: pokes and rate limits live in its memory. */
export class DataInUse extends Error {
  readonly code = 'DATA_IN_USE';
  readonly holder: Holder;

  constructor(holder: Holder) {
    super('the data folder is in use');
    this.holder = holder;
  }
}

export interface DataLock {
  readonly release: () => void;
}

/**
 * Takes a data folder for this process. The system itself lets go when the process ends, however it ends, so nothing is
 * left to clean up after a cut of the power. Throws `DataInUse` when another process has it.
 */
export function lockData(folder: string, about: string): DataLock {
  ensureDataFolder(folder);
  const { lock, holder } = dataFiles(folder);
  const database = new Database(lock, { timeout: 0 });
  try {
    // Begun and never ended: nothing is written, but the file stays locked as long as it is open.
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const isTaken = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
    throw isTaken ? new DataInUse(readHolder(holder)) : error;
  }
  writeFileSync(holder, `process ${process.pid}, ${about}\n`);
  return {
    release: () => {
      rmSync(holder, { force: true });
      database.close();
    }
  };
}

/** What the other process wrote about itself: «process 4711, http://localhost:3000». */
function readHolder(file: string): Holder {
  const written = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [, process, about] = /^process (\d+), (.+)$/m.exec(written) ?? [];
  return process === undefined || about === undefined
    ? { type: 'unknown' }
    : { type: 'process', process: Number(process), about };
}

/** The same for an administrator's command: that another process has the folder is an answer. */
export function tryLock(
  folder: string,
  about: string
): Result<DataLock, { readonly type: 'in_use'; readonly holder: Holder }> {
  try {
    return ok(lockData(folder, about));
  } catch (error) {
    if (error instanceof DataInUse) return fail({ type: 'in_use', holder: error.holder });
    throw error;
  }
}

/** The data of this folder live in PostgreSQL now: served here too, they would become two histories. */
export class DataMoved extends Error {
  constructor(folder: string) {
    super(`the data of ${folder} were moved into PostgreSQL`);
  }
}

/** Throws `DataMoved` where the folder's data are not to be served any more. */
export function refuseMovedData(folder: string): void {
  if (existsSync(dataFiles(folder).moved)) throw new DataMoved(folder);
}
