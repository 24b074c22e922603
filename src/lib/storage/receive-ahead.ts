import type { RecordsAhead } from '#domain/sync/protocol.ts';
import { storeStates } from './receive.ts';
import type { RowsInHand } from './rows-in-hand.ts';

/** No page mentions a record in this one. */
const aheadGeneration = 0;

/**
 * Stores records that were sent ahead of their stream's order: shown at once, in no sum, and under no cursor. Only while
 * the stream is still loading: when it is complete, what no page has mentioned goes.
 */
export async function receiveAhead(
  hand: RowsInHand,
  { stream, rows }: RecordsAhead,
  era: number,
  stale: Set<string>
): Promise<void> {
  const cursor = await hand.database.cursors.get(stream);
  if (cursor?.complete === true) return;
  await storeStates(
    hand,
    stream,
    rows,
    era,
    stale,
    (state, row) => row?.mentions[stream] ?? { generation: aheadGeneration, seq: state.seq, counted: false }
  );
}
