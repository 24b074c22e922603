import { splitId } from '#domain/ids.ts';
import type { Change } from '#domain/sync/operation.ts';
import type { LogRow } from '#server/storage/server-storage.ts';
import type { RecordBatch } from './record-batch.ts';

/** Held operations that this row lets in: their problem was open and this row has just set it `released`. */
export function releasedBy(
  row: LogRow,
  { held, records }: { readonly held: ReadonlyMap<string, LogRow>; readonly records: RecordBatch }
): readonly LogRow[] {
  if (held.size === 0) return [];
  return row.changes.flatMap((change) => {
    if (change.e !== 'problem' || change.set['state'] !== 'released') return [];
    const found = held.get(change.k);
    const state = records.get('problem', change.k)?.fields['state'];
    const before = records.getKept('problem', change.k)?.fields['state'];
    return found !== undefined && state?.v === 'released' && state.s === row.seq && before?.v === 'open'
      ? [found]
      : [];
  });
}

/** Problem ids that these changes would release, as [device, n]. */
export function releasesNamed(changes: readonly Change[]): readonly (readonly [string, number])[] {
  return changes.flatMap((change) => {
    if (change.e !== 'problem' || change.set['state'] !== 'released') return [];
    const [device, n] = splitId(change.k);
    return device === undefined || n === undefined || !/^[1-9]\d{0,15}$/.test(n)
      ? []
      : [[device, Number(n)] as const];
  });
}
