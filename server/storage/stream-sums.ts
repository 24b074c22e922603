import { streamsOfRecord, type StoredRecord } from '#domain/sync/merge.ts';
import { addModulo, checkPart, subtractModulo } from '#domain/sync/protocol.ts';
import type { RecordChange } from './server-storage.ts';

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
  if (before === undefined) return { present, left: [] };
  const former: readonly string[] = streamsOfRecord(before);
  return { present, left: former.filter((stream) => !present.includes(stream)) };
}

/** One record's step in a stream's [count, sum]. */
export interface SumMove {
  readonly sign: 1 | -1;
  readonly part: number;
}

/** How [count, sum] of every touched stream move when records change. */
export function movesByStream(changes: readonly RecordChange[]): ReadonlyMap<string, readonly SumMove[]> {
  const moves = new Map<string, SumMove[]>();
  const add = (record: StoredRecord, sign: 1 | -1): void => {
    if (!isCounted(record)) return;
    const part = checkPart(record.e, record.k, record.seq);
    for (const stream of streamsOfRecord(record)) {
      const known = moves.get(stream) ?? [];
      known.push({ sign, part });
      moves.set(stream, known);
    }
  };
  for (const { before, after } of changes) {
    if (before !== undefined) add(before, -1);
    add(after, 1);
  }
  return moves;
}

/** [count, sum] of a stream after these steps. */
export function moveSum(
  start: readonly [count: number, sum: number],
  moves: readonly SumMove[]
): readonly [count: number, sum: number] {
  let [count, sum] = start;
  for (const { sign, part } of moves) {
    count += sign;
    sum = sign === 1 ? addModulo(sum, part) : subtractModulo(sum, part);
  }
  return [count, sum];
}
