import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { fail, ok, type Result } from '#domain/result.ts';
import { dataFiles, ledgerName } from '#server/data-files.ts';
import { LedgerFile } from '#server/erasure-ledger.ts';
import type { FileStore } from '#server/files/file-store.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import type { ServerStorage } from '#server/storage/server-storage.ts';
import { copyFilesOut } from './copy-files.ts';
import { sync, writeLabel } from './copy-label.ts';
import { markDurable } from './mark-durable.ts';
import { placeTrouble, type PlaceTrouble } from './place-trouble.ts';
import { proveCopy, type CopyDamage } from './prove-copy.ts';
import type { Progress } from './progress.ts';
import type { ToolTrouble } from './run-tool.ts';

export interface BackupReport {
  readonly folder: string;
  /** Number of the last operation in the copy. */
  readonly seq: number;
}
export type BackupFailure =
  | { readonly type: 'not_empty' }
  | { readonly type: 'nothing_to_copy' }
  /** A program of PostgreSQL is not there, or does not do it. */
  | { readonly type: 'no_tool'; readonly trouble: ToolTrouble }
  /** The folder of the copy cannot be written: its disk is full, or it belongs to somebody else. */
  | { readonly type: 'no_place'; readonly trouble: PlaceTrouble }
  | CopyDamage;

/** What a copy is made beside: the databases that work now. */
export interface LiveCentre {
  readonly storage: ServerStorage;
  readonly centre: string;
  readonly clock: () => number;
  /** Where its pictures lie. */
  readonly store: FileStore;
}

/** Pages of a database that are copied before others get their turn: about a megabyte. */
const pagesAtOnce = 256;

/**
 * Copies both databases, the pictures and the secret of a data folder into a new folder, consistently, beside a working server; replays
 * the copy's log and proves its records; then tells the devices that everything up to the copy's end is safe, so that
 * they need no longer keep it for a restore.
 */
export async function backup(
  dataFolder: string,
  folder: string,
  live: LiveCentre,
  progress: Progress
): Promise<Result<BackupReport, BackupFailure>> {
  const from = dataFiles(dataFolder);
  if (isTaken(folder)) return fail({ type: 'not_empty' });
  if (!existsSync(from.centre) || !existsSync(from.accounts)) return fail({ type: 'nothing_to_copy' });
  return intoPart(folder, live, (part) => backupInto(part, dataFolder, folder, live, progress));
}

/** Where the history of a copy ends. */
export interface CopyEnd {
  readonly seq: number;
  readonly epoch: string;
}

/**
 * Makes a copy under another name, so that one that was cut off is never taken for a whole one. What there is of one that
 * does not come about is removed: a full disk must not stay full of it. Once it is there, the devices are told.
 */
export async function intoPart(
  folder: string,
  live: LiveCentre,
  make: (part: string) => Promise<Result<CopyEnd, BackupFailure>>
): Promise<Result<BackupReport, BackupFailure>> {
  const part = `${folder}.part`;
  let made: Result<CopyEnd, BackupFailure>;
  try {
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true, mode: 0o700 });
    made = await make(part);
    if (made.ok) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(part, folder);
      sync(dirname(folder));
    }
  } catch (error) {
    const trouble = placeTrouble(error);
    if (trouble === undefined) throw error;
    made = fail({ type: 'no_place', trouble });
  } finally {
    if (existsSync(part)) rmSync(part, { recursive: true });
  }
  if (!made.ok) return made;
  const { seq, epoch } = made.value;
  await markDurable(live, epoch, seq);
  return ok({ folder, seq });
}

async function backupInto(
  part: string,
  dataFolder: string,
  folder: string,
  live: LiveCentre,
  progress: Progress
): Promise<Result<CopyEnd, BackupFailure>> {
  const from = dataFiles(dataFolder);
  const to = dataFiles(part);
  await copy(from.accounts, to.accounts, progress);
  await copy(from.centre, to.centre, progress);
  const copied = openSqliteStorage({ file: to.centre });
  await copyFilesOut(copied, live.centre, live.store, { folder: part, beside: folder }, progress);
  await copied.close();
  if (existsSync(from.secret)) {
    copyFileSync(from.secret, to.secret);
    chmodSync(to.secret, 0o600);
    sync(to.secret);
  }
  const proved = await proveCopy(part, live.centre, progress);
  if (!proved.ok) return proved;
  const { seq, epoch } = proved.value;
  await writeLedger(part, live);
  writeLabel(part, { kind: 'sqlite', at: live.clock(), seq, epoch });
  return ok({ seq, epoch });
}

/** Whether something lies where a copy is to go. */
export function isTaken(folder: string): boolean {
  return existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0);
}

/** What is erased for ever, in a file of the copy that tells it to older copies beside it. */
export async function writeLedger(folder: string, { storage, centre }: LiveCentre): Promise<void> {
  const erased = await storage.readSnapshot((snapshot) => snapshot.erasedAfter(centre, 0));
  new LedgerFile(join(folder, ledgerName), centre).add(erased);
}

async function copy(from: string, to: string, progress: Progress): Promise<void> {
  const database = new Database(from, { readonly: true, timeout: 5_000 });
  try {
    await database.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        progress('copied', totalPages - remainingPages, totalPages);
        return pagesAtOnce;
      }
    });
  } finally {
    database.close();
  }
  chmodSync(to, 0o600);
}
