import { hashesNamed } from '#domain/sync/attachment-names.ts';
import { withoutPersonal, withoutValues } from '#domain/sync/erasure.ts';
import type { Change } from '#domain/sync/operation.ts';
import type { LogRow, WriteTransaction } from '#server/storage/server-storage.ts';
import type { Scope } from './erase-scope.ts';
import type { Hashing } from './hashing.ts';
import { emptied } from './log-chain.ts';

const wholeHistory = 1_000_000_000;

/** Empties the log's rows, and deletes the attachments that are named no more. */
export async function emptyLog(
  tx: WriteTransaction,
  centre: string,
  { concerned, ids }: Scope,
  hashing: Hashing
): Promise<{ readonly deleted: readonly string[] }> {
  const rows = new Map<number, LogRow>();
  for (const [type, id] of concerned.values())
    for (const row of await tx.logOfRecord(centre, type, id, wholeHistory)) rows.set(row.seq, row);
  const changed: LogRow[] = [];
  for (const row of rows.values()) {
    const empty = row.outcome === 'refused' ? withoutValues : withoutPersonal;
    const changes = row.changes.map((change) =>
      concerned.has(`${change.e}/${change.k}`) ? empty(change) : change
    );
    if (changes.some((change, index) => change !== row.changes[index]))
      changed.push(emptied(row, changes, hashing));
  }
  const after = new Map(rows);
  for (const row of changed) after.set(row.seq, row);
  // Nobody knows what such an operation says; that it names the id is enough.
  for (const row of await tx.unreadableMentioning(centre, [...ids])) changed.push({ ...row, raw: null });

  const deleted: string[] = [];
  for (const key of concerned.values()) {
    const [type, id] = key;
    const isOf = (change: Change): boolean => change.e === type && change.k === id;
    const named = hashesIn([...rows.values()], isOf);
    const still = hashesIn([...after.values()], isOf);
    const gone = [...named].filter((hash) => !still.has(hash));
    await tx.forgetAttachmentNames(centre, key, gone);
    for (const hash of gone) if ((await tx.recordsNaming(centre, hash)).length === 0) deleted.push(hash);
  }
  await tx.removeAttachments(centre, deleted);
  await tx.removeUploads(centre, deleted);
  await tx.emptyLog(centre, changed);
  return { deleted };
}

function hashesIn(rows: readonly LogRow[], isWanted: (change: Change) => boolean): ReadonlySet<string> {
  return new Set(rows.flatMap((row) => row.changes.filter(isWanted).flatMap(hashesNamed)));
}
