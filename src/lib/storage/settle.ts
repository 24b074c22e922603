import type { Acknowledgement } from '#domain/sync/protocol.ts';
import { streamsFor } from '#domain/sync/scope.ts';
import { definitionOf } from '#domain/records/registry.ts';
import { splitKey, type DeviceDatabase, type DeviceState, type OutboxRow } from './database.ts';
import type { DeviceEnvironment } from './environment.ts';
import { redraw } from './overlay.ts';
import { open } from './sealing.ts';

/**
 * Moves acknowledged operations out of the outbox: into retention, or into attention (I2). What the answer does not
 * list stays. Returns how many were refused or held.
 */
export async function settleAcknowledgements(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  acknowledgements: readonly Acknowledgement[],
  serverNow: number
): Promise<{ settled: number; refused: number }> {
  let settled = 0;
  let refused = 0;
  const at = environment.now();
  for (const acknowledgement of acknowledgements) {
    const last = acknowledgement.to ?? acknowledgement.n;
    const rows = await database.outbox.where('n').between(acknowledgement.n, last, true, true).toArray();
    for (const row of rows) {
      const seq = acknowledgement.seq + (row.n - acknowledgement.n);
      settled += 1;
      if (acknowledgement.o === 'held' || acknowledgement.o === 'refused') {
        refused += 1;
        await database.attention.put({
          ...row,
          seq,
          outcome: acknowledgement.o,
          reason: acknowledgement.reason,
          detail: acknowledgement.o === 'refused' ? (acknowledgement.detail ?? '') : '',
          at,
          state: 'open'
        });
      } else {
        await database.retained.put({
          ...row,
          seq,
          outcome: acknowledgement.o,
          acknowledgedAt: serverNow,
          settled: 0
        });
        await closeReplaced(database, row);
      }
    }
    await database.outbox.bulkDelete(rows.map((row) => row.n));
    if (acknowledgement.o === 'refused') {
      for (const key of new Set(rows.flatMap((row) => row.keys))) await redraw(database, ...splitKey(key));
    }
  }
  return { settled, refused };
}

async function closeReplaced(database: DeviceDatabase, row: OutboxRow): Promise<void> {
  const replaces = open(row.body).replaces;
  if (replaces === undefined) return;
  await database.attention.update(replaces[1], { state: 'closed' });
}

/**
 * Ends the overlay of acknowledged operations whose records' streams have been received up to their seq (I9), or at
 * once where this device may not read the stream.
 */
export async function settleOverlays(database: DeviceDatabase, state: DeviceState): Promise<void> {
  const unsettled = await database.retained.where('settled').equals(0).toArray();
  if (unsettled.length === 0) return;
  const cursors = new Map((await database.cursors.toArray()).map((row) => [row.stream, row]));
  const readable = new Set<string>(streamsFor({ role: state.role, user: state.user, device: state.device }));
  const keys = new Set<string>();
  for (const row of unsettled) {
    const covered = await Promise.all(row.keys.map((key) => isCovered(key, row.seq)));
    if (!covered.every(Boolean)) continue;
    await database.retained.put({ ...row, settled: 1 });
    for (const key of row.keys) keys.add(key);
  }
  for (const key of keys) await redraw(database, ...splitKey(key));

  async function isCovered(key: string, seq: number): Promise<boolean> {
    const [type, id] = splitKey(key);
    const row = await database.records.get([type, id]);
    if (row === undefined) return true;
    const streams = definitionOf(type)?.streamsOf(id, open(row.body).f) ?? [];
    const mine = streams.filter((stream) => readable.has(stream));
    if (mine.length === 0) return true;
    return mine.some((stream) => (cursors.get(stream)?.cursor ?? 0) >= seq);
  }
}
