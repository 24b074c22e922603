import { hashesIn } from '#domain/sync/attachment-names.ts';
import type { AttachmentRow, DeviceDatabase, DeviceState, RetainedRow } from './database.ts';
import { open } from './sealing.ts';
import { stateOf } from './write.ts';

const dayMs = 86_400_000;
/** Kept at least so long after the acknowledgement when the server's backups are past it. */
const withBackupMs = 14 * dayMs;
/** Kept so long when no backup is known to hold it. */
const withoutBackupMs = 90 * dayMs;

/** What went: operations, whole files, and pictures of which only the small one is left. */
export interface Forgotten {
  readonly operations: number;
  readonly files: number;
  readonly emptied: number;
}

/**
 * Forgets acknowledged operations that can no longer be asked for again: settled, old enough, and in a backup (or very
 * old where the server makes none); then the delivered files that none of those that are left names. An operation stays as
 * long as a file that it names: nothing else tells whose it is, when somebody is erased. Where space is short, being in a backup is enough, and delivered pictures give up their bytes first. What is not acknowledged is
 * never touched.
 */
export async function forgetRetained(database: DeviceDatabase, isShort = false): Promise<Forgotten> {
  const tables = [database.retained, database.outbox, database.attention, database.attachments];
  return database.writing(tables, async (present) => {
    const state = stateOf(present);
    const { durable, serverNow: now = 0 } = state;
    const emptied = isShort ? await emptyPictures(database, state) : 0;
    const old = await (
      isShort && durable > 0
        ? database.retained.where('seq').belowOrEqual(durable)
        : database.retained.where('acknowledgedAt').below(now - withBackupMs)
    ).toArray();
    // A server that makes backups, however seldom, is waited for.
    const isSafe = (row: RetainedRow): boolean =>
      durable > 0 ? row.seq <= durable : row.acknowledgedAt < now - withoutBackupMs;
    const files = await safeFiles(database, state, isShort);
    const stay = new Set(await database.attachments.toCollection().primaryKeys());
    for (const sha256 of files) stay.delete(sha256);
    const gone = old.filter(
      (row) => row.settled === 1 && isSafe(row) && !hashesIn(open(row.body).ch).some((hash) => stay.has(hash))
    );
    await database.retained.bulkDelete(gone.map((row) => row.n));
    return { operations: gone.length, files: await forgetUnnamed(database, files), emptied };
  });
}

/**
 * Whether the centre has a file for good: a backup is past what the log was when it was delivered, in the same history. A
 * centre that was put back is offered it again.
 */
function isInBackup({ sentAt, sentEra = 0 }: AttachmentRow, { durable, cuts = [] }: DeviceState): boolean {
  return sentAt !== undefined && sentAt < durable && sentEra === cuts.length;
}

/** Pictures that a backup of the centre holds are left with their small form. */
async function emptyPictures(database: DeviceDatabase, state: DeviceState): Promise<number> {
  let emptied = 0;
  await database.attachments
    .where('state')
    .equals('delivered')
    .modify((row) => {
      if (row.thumbnail === undefined || row.bytes.byteLength === 0 || !isInBackup(row, state)) return;
      row.bytes = new ArrayBuffer(0);
      emptied += 1;
    });
  return emptied;
}

/**
 * Files that were taken away, or delivered and cannot be asked for again. A file may have come long after its record, so it
 * is kept as long after its own delivery.
 */
async function safeFiles(
  database: DeviceDatabase,
  state: DeviceState,
  isShort: boolean
): Promise<readonly string[]> {
  const { durable, serverNow = 0 } = state;
  const isSafe = (row: AttachmentRow): boolean =>
    row.state === 'removed' ||
    (durable > 0
      ? isInBackup(row, state) && (isShort || (row.sentOn ?? row.storedAt) < serverNow - withBackupMs)
      : (row.sentOn ?? row.storedAt) < serverNow - withoutBackupMs);
  const safe: string[] = [];
  const settled = database.attachments.where('state').anyOf('delivered', 'removed');
  await settled.each((row) => {
    if (isSafe(row)) safe.push(row.sha256);
  });
  return safe;
}

/** Of these files, those that no operation names which may be offered again. */
async function forgetUnnamed(database: DeviceDatabase, files: readonly string[]): Promise<number> {
  if (files.length === 0) return 0;
  const gone = new Set(files);
  for (const table of [database.outbox, database.retained, database.attention])
    await table.each((row) => {
      for (const sha256 of hashesIn(open(row.body).ch)) gone.delete(sha256);
    });
  await database.attachments.bulkDelete([...gone]);
  return gone.size;
}
