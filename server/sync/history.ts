import type { LoggedOutcome, ServerStorage } from '#server/storage/server-storage.ts';

/** One operation as far as it touched one record, for «история». */
export interface HistoryEntry {
  readonly seq: number;
  /** `release` = the coordinator let a held operation in. */
  readonly kind: 'operation' | 'release';
  readonly by: string;
  readonly device: string;
  readonly n: number;
  /** When it was written by the corrected clock, UTC ms. */
  readonly correctedAt: number;
  /** Its device's clock had jumped: the time is the latest that is certain. */
  readonly suspect: boolean;
  /** When it arrived, UTC ms. */
  readonly receivedAt: number;
  readonly outcome: LoggedOutcome;
  readonly reason: string | null;
  /** What it set in this record. */
  readonly set: Readonly<Record<string, unknown>>;
}

/** The operations that touched a record, newest first, at most `limit`. Rights to the record are the caller's to check. */
export function recordHistory(
  storage: ServerStorage,
  centre: string,
  record: { readonly type: string; readonly id: string },
  limit = 200
): Promise<readonly HistoryEntry[]> {
  return storage.readSnapshot(async (snapshot) => {
    const rows = await snapshot.logOfRecord(centre, record.type, record.id, limit);
    return rows.map((row) => {
      const own = row.changes.filter((change) => change.e === record.type && change.k === record.id);
      const set = Object.fromEntries(own.flatMap((change) => Object.entries(change.set)));
      const { seq, kind, by, device, n, suspect, receivedAt, outcome, reason } = row;
      return {
        seq,
        kind,
        by,
        device,
        n,
        correctedAt: row.corrected,
        suspect,
        receivedAt,
        outcome,
        reason,
        set
      };
    });
  });
}
