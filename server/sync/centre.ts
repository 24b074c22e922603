import { randomBytesToId, idBytes } from '#domain/ids.ts';
import type { CentreRow, ServerStorage, WriteTransaction } from '#server/storage/server-storage.ts';

interface CentreDeps {
  readonly storage: ServerStorage;
  readonly centre: string;
  readonly random: (length: number) => Uint8Array;
}

/** Makes the centre's row, its key and its first epoch when they are not there yet. */
export async function ensureCentre(deps: CentreDeps): Promise<CentreRow> {
  return deps.storage.withTransaction(async (tx) => {
    const present = await tx.centre(deps.centre);
    if (present !== undefined) return present;
    const epoch = randomBytesToId(deps.random(idBytes));
    const centre: CentreRow = {
      id: deps.centre,
      seq: 0,
      hash: '',
      epoch,
      key: deps.random(32),
      lastNow: 0,
      durable: 0
    };
    await tx.putCentre(centre);
    await tx.addEpoch(deps.centre, { epoch, firstSeq: 1, restoredTo: 0 });
    return centre;
  });
}

/** Begins a new epoch after a restore, inside a transaction. `restoredTo` = last seq that is shared with the history before. */
export async function beginEpoch(
  tx: WriteTransaction,
  centre: CentreRow,
  random: (length: number) => Uint8Array,
  restoredTo: number
): Promise<CentreRow> {
  const epoch = randomBytesToId(random(idBytes));
  const next = { ...centre, epoch };
  await tx.putCentre(next);
  await tx.addEpoch(centre.id, { epoch, firstSeq: centre.seq + 1, restoredTo });
  return next;
}

/** To be called by the restore command on the restored copy, before it serves: devices will offer everything again. */
export async function announceRestore(deps: CentreDeps): Promise<void> {
  await deps.storage.withTransaction(async (tx) => {
    const centre = await tx.centre(deps.centre);
    if (centre !== undefined) await beginEpoch(tx, centre, deps.random, centre.seq);
  });
}
