import type { DeviceDatabase, RetainedRow } from './database.ts';
import { stateOf } from './write.ts';

const dayMs = 86_400_000;
/** Kept at least so long after the acknowledgement when the server's backups are past it. */
const withBackupMs = 14 * dayMs;
/** Kept so long when no backup is known to hold it. */
const withoutBackupMs = 90 * dayMs;

/**
 * Forgets acknowledged operations that can no longer be asked for again: settled, old enough, and in a backup (or very
 * old where the server makes none). Returns how many went.
 */
export async function forgetRetained(database: DeviceDatabase): Promise<number> {
  return database.writing([database.retained], async (state) => {
    const { durable, serverNow: now = 0 } = stateOf(state);
    const old = await database.retained
      .where('acknowledgedAt')
      .below(now - withBackupMs)
      .toArray();
    // A server that makes backups, however seldom, is waited for.
    const isSafe = (row: RetainedRow): boolean =>
      durable > 0 ? row.seq <= durable : row.acknowledgedAt < now - withoutBackupMs;
    const gone = old.filter((row) => row.settled === 1 && isSafe(row));
    await database.retained.bulkDelete(gone.map((row) => row.n));
    return gone.length;
  });
}
