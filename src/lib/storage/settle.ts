import type { Acknowledgement } from '#domain/sync/protocol.ts';
import { streamsFor } from '#domain/sync/scope.ts';
import { definitionOf } from '#domain/records/registry.ts';
import { splitKey, type DeviceState, type OutboxRow } from './database.ts';
import type { DeviceEnvironment } from './environment.ts';
import { redrawInHand } from './overlay.ts';
import type { RowsInHand } from './rows-in-hand.ts';
import { open } from './sealing.ts';

/**
 * Moves acknowledged operations out of the outbox: into retention, or into attention (I2). What the answer does not
 * list stays. Those for retention are in hand until {@link settleOverlays}. Returns how many were refused or held.
 */
export async function settleAcknowledgements(
  hand: RowsInHand,
  environment: DeviceEnvironment,
  acknowledgements: readonly Acknowledgement[],
  serverNow: number
): Promise<{ settled: number; refused: number }> {
  const { database } = hand;
  let settled = 0;
  let refused = 0;
  const at = environment.now();
  for (const acknowledgement of acknowledgements) {
    const last = acknowledgement.to ?? acknowledgement.n;
    const listed = database.outbox.where('n').between(acknowledgement.n, last, true, true);
    const rows = await listed.toArray();
    const answered = rows.map((row) => ({ ...row, seq: acknowledgement.seq + (row.n - acknowledgement.n) }));
    settled += rows.length;
    if (acknowledgement.o === 'held' || acknowledgement.o === 'refused') {
      const { o: outcome, reason } = acknowledgement;
      const detail = acknowledgement.o === 'refused' ? (acknowledgement.detail ?? '') : '';
      refused += rows.length;
      await database.attention.bulkPut(
        answered.map((row) => ({ ...row, outcome, reason, detail, at, state: 'open' as const }))
      );
    } else {
      const { o: outcome } = acknowledgement;
      for (const row of answered)
        hand.acknowledged.push({ ...row, outcome, acknowledgedAt: serverNow, settled: 0 });
      await closeReplaced(hand, rows);
    }
    await listed.delete();
    if (acknowledgement.o === 'refused')
      await redrawInHand(
        hand,
        rows.flatMap((row) => row.keys)
      );
  }
  return { settled, refused };
}

/**
 * Closes what these operations correct. Mostly the write has done so; after a restore of the server both were offered again,
 * and the corrected one was held or refused anew: it must not lie over its records any longer.
 */
async function closeReplaced(hand: RowsInHand, rows: readonly OutboxRow[]): Promise<void> {
  const { attention } = hand.database;
  for (const row of rows) {
    const replaces = open(row.body).replaces;
    const entry = replaces === undefined ? undefined : await attention.get(replaces[1]);
    if (entry?.state !== 'open') continue;
    await attention.put({ ...entry, state: 'closed' });
    await redrawInHand(hand, entry.keys);
  }
}

/**
 * Ends the overlay of acknowledged operations whose records' streams have been received up to their seq (I9), or at
 * once where this device may not read the stream. `given` = the streams of an answer, which names all that may be read;
 * `stale` = records whose displayed rows the answer's pages have made outdated: they are made again here, together with
 * those whose overlay ends.
 */
export async function settleOverlays(
  hand: RowsInHand,
  state: DeviceState,
  given: readonly string[],
  stale: ReadonlySet<string>
): Promise<void> {
  const { database, acknowledged } = hand;
  const unsettled = [...(await database.retained.where('settled').equals(0).toArray()), ...acknowledged];
  if (unsettled.length === 0) return redrawInHand(hand, stale);
  const cursors = new Map((await database.cursors.toArray()).map((row) => [row.stream, row]));
  const enrolled = streamsFor({ role: state.role, user: state.user, device: state.device });
  const readable = new Set<string>(given.length > 0 ? given : enrolled);
  const keys = [...new Set(unsettled.flatMap((row) => row.keys))];
  const records = await hand.records.get(keys.map(splitKey));
  const rowOf = new Map(keys.map((key, index) => [key, records[index]] as const));
  const covered = unsettled.filter((row) => row.keys.every((key) => isCovered(key, row.seq)));
  const ended = new Set(covered);
  hand.acknowledged = acknowledged.filter((row) => !ended.has(row));
  await database.retained.bulkPut(covered.map((row) => ({ ...row, settled: 1 as const })));
  await redrawInHand(hand, [...stale, ...covered.flatMap((row) => row.keys)]);

  function isCovered(key: string, seq: number): boolean {
    const [type, id] = splitKey(key);
    const row = rowOf.get(key);
    if (row === undefined) return true;
    const streams = definitionOf(type)?.streamsOf(id, open(row.body).f) ?? [];
    const mine = streams.filter((stream) => readable.has(stream));
    if (mine.length === 0) return true;
    return mine.some((stream) => (cursors.get(stream)?.cursor ?? 0) >= seq);
  }
}
