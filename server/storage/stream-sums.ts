import { streamsOfRecord, type StoredRecord } from '#domain/sync/merge.ts';
import { checkPart } from '#domain/sync/protocol.ts';

/** A deleted record is in its streams but not in their sums. */
export function isCounted(record: StoredRecord): boolean {
  const deletedAt = record.fields['deletedAt'];
  return deletedAt === undefined || deletedAt.v === null;
}

export interface StreamMove {
  /** Streams that carry the record now. */
  readonly present: readonly string[];
  /** Streams that carried it before and no longer do. */
  readonly left: readonly string[];
}

export function streamMove(before: StoredRecord | undefined, after: StoredRecord): StreamMove {
  const present: readonly string[] = streamsOfRecord(after);
  const former: readonly string[] = before === undefined ? [] : streamsOfRecord(before);
  return { present, left: former.filter((stream) => !present.includes(stream)) };
}

/** How [count, sum] of every touched stream move when a record changes. */
export function sumMoves(
  before: StoredRecord | undefined,
  after: StoredRecord
): readonly { readonly stream: string; readonly sign: 1 | -1; readonly part: number }[] {
  const moves: { stream: string; sign: 1 | -1; part: number }[] = [];
  const add = (record: StoredRecord, sign: 1 | -1): void => {
    if (!isCounted(record)) return;
    const part = checkPart(record.e, record.k, record.seq);
    for (const stream of streamsOfRecord(record)) moves.push({ stream, sign, part });
  };
  if (before !== undefined) add(before, -1);
  add(after, 1);
  return moves;
}
