import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '#domain/result.ts';
import {
  intoPart,
  isTaken,
  writeLedger,
  type BackupFailure,
  type BackupReport,
  type CopyEnd,
  type LiveCentre
} from './backup.ts';
import { copyFilesOut } from './copy-files.ts';
import { sync, writeLabel } from './copy-label.ts';
import type { Progress } from './progress.ts';
import { runTool } from './run-tool.ts';

/** Name of the dump in the folder of a copy. */
export const dumpFile = 'centre.dump';

/**
 * Dumps PostgreSQL into a new folder beside working servers, with PostgreSQL's own `pg_dump` (one consistent snapshot),
 * has `pg_restore` read the dump through, then tells the devices what is safe.
 */
export async function backupPostgres(
  url: string,
  folder: string,
  live: LiveCentre,
  progress: Progress
): Promise<Result<BackupReport, BackupFailure>> {
  if (isTaken(folder)) return fail({ type: 'not_empty' });
  // Read before the dump begins: everything up to here is in it.
  const head = await live.storage.readSnapshot((snapshot) => snapshot.centre(live.centre));
  if (head === undefined) return fail({ type: 'nothing_to_copy' });
  return intoPart(folder, live, (part) => dumpInto(part, url, folder, { ...live, head }, progress));
}

async function dumpInto(
  part: string,
  url: string,
  folder: string,
  { head, ...live }: LiveCentre & { readonly head: CopyEnd },
  progress: Progress
): Promise<Result<CopyEnd, BackupFailure>> {
  const file = join(part, dumpFile);
  const dumped = await runTool('pg_dump', ['--format=custom', '--no-owner', `--file=${file}`, url]);
  if (dumped !== undefined) return fail({ type: 'no_tool', trouble: dumped });
  const read = await runTool('pg_restore', ['--file=/dev/null', file]);
  if (read !== undefined) return fail({ type: 'no_tool', trouble: read });
  // After the dump: whatever it speaks of is there by now.
  await copyFilesOut(live.storage, live.centre, live.store, { folder: part, beside: folder }, progress);
  const { seq, epoch } = head;
  chmodSync(file, 0o600);
  sync(file);
  await writeLedger(part, live);
  writeLabel(part, { kind: 'postgres', at: live.clock(), seq, epoch });
  return ok({ seq, epoch });
}
