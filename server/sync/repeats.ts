import { joinIds } from '#domain/ids.ts';
import { isSameButErased, markedFields } from '#domain/sync/erasure.ts';
import type { Acknowledgement } from '#domain/sync/protocol.ts';
import type { DeviceRow, LogRow, ReadSnapshot } from '#server/storage/server-storage.ts';
import { acknowledge } from './acknowledgements.ts';
import { sameDigest } from './hashing.ts';
import type { Incoming } from './incoming.ts';

/** What stands at an already judged number. */
export interface PresentOutcome {
  /** The operation as it was judged. */
  readonly row: LogRow;
  readonly acknowledgement: Acknowledgement;
}

/**
 * The present outcomes of the numbers of a batch that were judged before: a held operation that was released has the
 * outcome of its release, a dismissed one is refused. Numbers below a fork belong to the parent device.
 */
export async function presentOutcomes(
  snapshot: ReadSnapshot,
  centre: string,
  device: DeviceRow,
  batch: readonly Incoming[]
): Promise<ReadonlyMap<number, PresentOutcome>> {
  const outcomes = new Map<number, PresentOutcome>();
  const numbers = batch.filter(({ n }) => n <= device.lastN);
  if (numbers.length === 0) return outcomes;
  const from = Math.min(...numbers.map(({ n }) => n));
  const ends = numbers.map(({ n, parsed }) => (parsed.kind === 'lost' ? parsed.lost.to : n));
  await collect(snapshot, centre, device, from, Math.min(device.lastN, Math.max(...ends)), outcomes);
  return outcomes;
}

async function collect(
  snapshot: ReadSnapshot,
  centre: string,
  device: Pick<DeviceRow, 'id' | 'parent' | 'parentFrom'>,
  from: number,
  to: number,
  outcomes: Map<number, PresentOutcome>
): Promise<void> {
  if (device.parent !== null && device.parentFrom !== null && from < device.parentFrom) {
    const parent = await snapshot.device(centre, device.parent);
    if (parent !== undefined)
      await collect(snapshot, centre, parent, from, Math.min(to, device.parentFrom - 1), outcomes);
  }
  const rows = await snapshot.operationsOf(centre, device.id, from, to);
  const held = rows.filter((row) => row.outcome === 'held');
  const releases = new Map<number, LogRow>();
  const dismissed = new Set<string>();
  if (held.length > 0) {
    for (const row of await snapshot.releasesOf(centre, device.id, from, to)) releases.set(row.n, row);
    const keys = held.map((row) => ['problem', joinIds(device.id, String(row.n))] as const);
    for (const problem of await snapshot.records(centre, keys))
      if (problem.fields['state']?.v === 'dismissed') dismissed.add(problem.k);
  }
  for (const row of rows) {
    const isDismissed = row.outcome === 'held' && dismissed.has(joinIds(device.id, String(row.n)));
    const judged = isDismissed
      ? ({ ...row, outcome: 'refused', reason: 'forbidden', detail: 'dismissed' } as const)
      : (releases.get(row.n) ?? row);
    for (let n = Math.max(row.n, from); n <= Math.min(row.to, to); n++)
      outcomes.set(n, { row, acknowledgement: acknowledge(judged, n, n, true) });
  }
}

/** A declared hole repeats whatever was judged at its numbers; anything else repeats only itself. */
export function isRepeat(incoming: Incoming, row: PresentOutcome): boolean {
  const { row: earlier } = row;
  if (incoming.parsed.kind === 'lost' || sameDigest(incoming.fingerprint, earlier.fingerprint)) return true;
  // Erased on the one side and not yet, or not any more, on the other: told by what is left.
  if (incoming.parsed.kind !== 'operation' || incoming.parsed.operation.by !== earlier.by) return false;
  const { ch } = incoming.parsed.operation;
  const isErased = [...ch, ...earlier.changes].some((change) => markedFields(change).length > 0);
  return isErased && isSameButErased(ch, earlier.changes);
}
