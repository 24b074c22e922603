import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { fail, ok, type Result } from '#domain/result.ts';
import { dataFiles } from '#server/data-files.ts';
import { openDiskStore, type FileStore } from '#server/files/file-store.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { verify, type VerifyFinding } from '#server/sync/verify.ts';
import type { Progress } from './progress.ts';

export type CopyDamage =
  /** `file`: its name in the folder that was proved; `says`: what SQLite tells of it. */
  | { readonly type: 'damaged'; readonly file: string; readonly says: string }
  | { readonly type: 'no_centre'; readonly file: string }
  /** The database reads well, but its records are not the fold of its log. */
  | { readonly type: 'not_proved'; readonly findings: readonly VerifyFinding[] };

/**
 * Proves a copy of the embedded databases: both files read whole, and the log, replayed, gives the records. Leaves each
 * as a single file. Returns where the copy's history ends.
 */
export async function proveCopy(
  folder: string,
  centre: string,
  progress: Progress,
  /** The copy's pictures. */
  store: Pick<FileStore, 'read'> = openDiskStore(dataFiles(folder).files)
): Promise<Result<{ readonly seq: number; readonly epoch: string }, CopyDamage>> {
  const files = dataFiles(folder);
  for (const file of [files.centre, files.accounts]) {
    const says = integrityOf(file);
    if (says !== 'ok') return fail({ type: 'damaged', file: basename(file), says });
  }
  const storage = openSqliteStorage({ file: files.centre });
  const report = await verify(storage, centre, nodeHashing, progress, store);
  const head = await storage.readSnapshot((snapshot) => snapshot.centre(centre));
  await storage.close();
  for (const file of [files.centre, files.accounts]) joinJournal(file);
  // A picture that is lost already must not keep the rest from being copied; `verify` tells of it.
  const findings = report.findings.filter(({ type }) => type !== 'attachment_missing');
  if (findings.length > 0) return fail({ type: 'not_proved', findings });
  if (head === undefined) return fail({ type: 'no_centre', file: basename(files.centre) });
  return ok({ seq: head.seq, epoch: head.epoch });
}

/** `ok`, or what is wrong with a file. */
function integrityOf(file: string): string {
  try {
    const database = new Database(file);
    try {
      return String(database.pragma('integrity_check', { simple: true }));
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof Database.SqliteError) return error.message;
    throw error;
  }
}

/** Ends the write-ahead journal: the database is one file again, to be copied anywhere. */
function joinJournal(file: string): void {
  const database = new Database(file);
  database.pragma('journal_mode = DELETE');
  database.close();
}
