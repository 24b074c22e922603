import type { DeviceRow, EpochRow, ReadSnapshot } from '#server/storage/server-storage.ts';

/**
 * Up to which seq a history known under `epoch` is still the server's: the smallest `restoredTo` over all restores since
 * then. Infinity for the present epoch, undefined for an unknown one.
 */
function sharedUpTo(epochs: readonly EpochRow[], epoch: string): number | undefined {
  const index = epochs.findIndex((row) => row.epoch === epoch);
  if (index === -1) return undefined;
  return epochs.slice(index + 1).reduce((least, row) => Math.min(least, row.restoredTo), Infinity);
}

/** A base counts only as far as the history in which it was received is still the server's; otherwise nothing was seen. */
export function effectiveBase(
  base: number,
  epoch: string | undefined,
  epochs: readonly EpochRow[],
  seq: number
): number {
  if (epoch === undefined || base === 0) return 0;
  const shared = sharedUpTo(epochs, epoch) ?? 0;
  return base <= Math.min(shared, seq) ? base : 0;
}

export type HistoryVerdict =
  | { readonly kind: 'same' }
  /** The device knows an older epoch. */
  | { readonly kind: 'other_epoch'; readonly restoredTo: number }
  /** The device knows an epoch that this server does not have: a restore cut off its beginning. */
  | { readonly kind: 'unknown_epoch'; readonly restoredTo: number }
  /** The device saw a log that this server does not have: a restore that nobody announced. */
  | { readonly kind: 'restored'; readonly restoredTo: number };

/** Compares the history that a device has seen with the server's. */
export async function compareHistory(
  snapshot: ReadSnapshot,
  centre: string,
  seen: { readonly epoch: string | null; readonly head: readonly [number, string] | null },
  device: DeviceRow | undefined
): Promise<HistoryVerdict> {
  if (seen.epoch === null) return { kind: 'same' };
  const epochs = await snapshot.epochs(centre);
  const hash = seen.head === null ? undefined : await snapshot.hashAt(centre, seen.head[0]);
  const hasHead = seen.head === null || hash === seen.head[1];
  // What this very device last saw was found in this log: the histories part after it.
  const certain = device?.headSeq ?? 0;
  const shared = sharedUpTo(epochs, seen.epoch);
  if (shared === undefined) {
    const upTo = seen.head !== null && hasHead ? seen.head[0] : certain;
    const restores = epochs.slice(1).map((row) => row.restoredTo);
    return { kind: 'unknown_epoch', restoredTo: Math.min(upTo, ...restores) };
  }
  // Without its head in this log, the device may have seen a branch that an earlier, unnoticed restore cut off.
  if (shared !== Infinity)
    return { kind: 'other_epoch', restoredTo: hasHead ? shared : Math.min(shared, certain) };
  return hasHead ? { kind: 'same' } : { kind: 'restored', restoredTo: certain };
}
