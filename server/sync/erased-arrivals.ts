import { definitionOf } from '#domain/records/registry.ts';
import {
  concerns,
  eraseChanges,
  erasedField,
  isMarked,
  markedFields,
  withoutValues
} from '#domain/sync/erasure.ts';
import { plainValues } from '#domain/sync/merge.ts';
import type { Change } from '#domain/sync/operation.ts';
import type { CentreRow, WriteTransaction } from '#server/storage/server-storage.ts';
import type { Bench } from './bench.ts';
import type { Incoming } from './incoming.ts';
import type { RecordBatch } from './record-batch.ts';
import type { SyncDeps } from './sync-deps.ts';

/*
 * What still comes about somebody who is erased: a tablet that was away wrote it before it was told, or a restore has put
 * it back on the way.
 */

/** The changes with marks for the personal values of erased ids; the very same when there are none. */
export function takeOutErased(
  changes: readonly Change[],
  { erased, struck, records }: Bench
): readonly Change[] {
  if (erased.size === 0) return changes;
  const stripped = eraseChanges(changes, erased, (type, id) => {
    const present = records.get(type, id);
    return present === undefined ? {} : plainValues(present);
  });
  for (const id of stripped.found) erased.add(id);
  for (const [index, change] of stripped.changes.entries())
    if (change !== changes[index])
      for (const id of idsIn(change, records)) if (erased.has(id)) struck.add(id);
  return stripped.changes.some((change, index) => change !== changes[index]) ? stripped.changes : changes;
}

/** A repeat is judged no more; but where its first answer was lost, nobody has told its device that it holds what is erased. */
export function strikeRepeat({ parsed }: Incoming, bench: Bench): void {
  if (parsed.kind === 'operation') takeOutErased(parsed.operation.ch, bench);
}

/** What was refused about an erased id keeps nothing: a wrong value may stand in any field. */
export function emptyRefused(change: Change): Change {
  return isMarked(change) ? withoutValues(change) : change;
}

/** The ids by which a change can be somebody's. */
function idsIn({ e, k, set }: Change, records: RecordBatch): readonly string[] {
  const present = records.get(e, k);
  const values = { ...(present === undefined ? {} : plainValues(present)), ...set };
  return [k, ...(definitionOf(e)?.subjectsOf(k, values) ?? [])];
}

/** A record of an erased id says so from its birth: a restore may have forgotten it. */
export function noteErased(change: Change, { erased, records }: Bench): Change {
  if (!isMarked(change)) return change;
  const names = markedFields(change);
  // Anybody can send a mark: of one who was not erased it says nothing.
  const present = records.get(change.e, change.k);
  const values = { ...(present === undefined ? {} : plainValues(present)), ...change.set };
  if (!concerns(change.e, change.k, values, erased)) return change;
  return { ...change, set: { ...change.set, [erasedField]: names } };
}

/** Whether what came, whatever it is, names one of the ids. */
export function mentions(text: string, ids: ReadonlySet<string>): boolean {
  for (const id of ids) if (text.includes(id)) return true;
  return false;
}

/** Records that came after an erasure and turned out to hold words of that person: a consultation written offline. */
export async function noteFound(
  tx: WriteTransaction,
  centre: CentreRow,
  known: ReadonlySet<string>,
  { erased, exchange }: Bench,
  deps: SyncDeps
): Promise<void> {
  const found = [...erased].filter((id) => !known.has(id));
  if (found.length === 0) return;
  const rows = found.map((name) => ({ kind: 'id' as const, name, seq: centre.seq, at: exchange.serverNow }));
  await tx.addErased(centre.id, rows);
  deps.ledger?.add(rows);
}
