import { hashesNamed } from '#domain/sync/attachment-names.ts';
import type { ReadSnapshot } from '#server/storage/server-storage.ts';
import type { FilesDeps } from './files.ts';
import { isNamedIn } from './references.ts';

const dayMs = 86_400_000;
/** A file that no record names is kept so long: whoever removed it may want it back. */
const unnamedMs = 30 * dayMs;
/** An upload that does not grow is given up; the device begins it anew. */
const abandonedMs = 7 * dayMs;
/** Bytes lie in the store a moment before the row that says so. */
const orphanMs = dayMs;
const pageSize = 200;
/** So many last operations of a record are asked whether they wait for the coordinator with a file. */
const heldAmong = 500;

export interface SweepReport {
  /** Files that no record has named for thirty days. */
  readonly collected: number;
  /** Uploads that stood still for a week. */
  readonly abandoned: number;
  /** Bytes in the store that no row speaks of. */
  readonly orphans: number;
}

/** Clears away what nobody needs: files without a record, uploads given up, bytes without a row. */
export async function sweep(
  deps: FilesDeps,
  remove: (hashes: readonly string[]) => Promise<void>
): Promise<SweepReport> {
  const { storage, centre, store } = deps;
  const now = deps.clock();
  const abandoned = await storage.readSnapshot((snapshot) =>
    snapshot.uploadsBefore(centre, now - abandonedMs)
  );
  for (const { device, sha256 } of abandoned)
    await storage.withTransaction((tx) => tx.removeUpload(centre, device, sha256));

  let collected = 0;
  let after = '';
  for (;;) {
    const page = await storage.readSnapshot((snapshot) => snapshot.attachmentsAfter(centre, after, pageSize));
    for (const { sha256, unnamedAt } of page) {
      const isNamed = await storage.readSnapshot((snapshot) => isNeeded(snapshot, centre, sha256));
      if (isNamed) {
        if (unnamedAt !== null) await storage.withTransaction((tx) => tx.markUnnamed(centre, sha256, null));
      } else if (unnamedAt === null)
        await storage.withTransaction((tx) => tx.markUnnamed(centre, sha256, now));
      else if (now - unnamedAt >= unnamedMs) {
        await remove([sha256]);
        collected += 1;
      }
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) break;
    after = last.sha256;
  }

  let orphans = 0;
  for await (const { sha256, storedAt } of store.list()) {
    if (storedAt > now - orphanMs) continue;
    const row = await storage.readSnapshot((snapshot) => snapshot.attachment(centre, sha256));
    if (row !== undefined) continue;
    await store.remove(sha256);
    orphans += 1;
  }
  return { collected, abandoned: abandoned.length, orphans };
}

/**
 * Whether a record names a file now, or an operation does that waits for the coordinator or was refused before its record
 * was born: what people wrote is kept whole.
 */
async function isNeeded(snapshot: ReadSnapshot, centre: string, sha256: string): Promise<boolean> {
  const naming = await snapshot.recordsNaming(centre, sha256);
  const records = await snapshot.records(centre, naming);
  if (records.length < naming.length) return true;
  if (records.some((record) => isNamedIn(record, sha256))) return true;
  for (const [type, id] of naming) {
    for (const row of await snapshot.logOfRecord(centre, type, id, heldAmong)) {
      if (row.outcome !== 'held' || !row.changes.some((change) => hashesNamed(change).includes(sha256)))
        continue;
      if ((await snapshot.releasesOf(centre, row.device, row.n, row.n)).length === 0) return true;
    }
  }
  return false;
}
