import type { Exchange } from '#domain/sync/corrected-time.ts';
import type { SyncResponse } from '#domain/sync/protocol.ts';
import type { CentreRow, DeviceRow, WriteTransaction } from '#server/storage/server-storage.ts';
import { actorOf, centreOf } from './admission.ts';
import { push, type PushResult } from './push.ts';
import type { SyncDeps } from './sync-deps.ts';

/** What one device brings at once: judged in the same way whether it came by an exchange or in a file. */
export interface Brought {
  /** As it was when it was admitted. */
  readonly device: DeviceRow;
  readonly ops: readonly unknown[];
  /** Why nothing may be judged after all; asked within the transaction. */
  readonly objection?: (
    tx: WriteTransaction,
    centre: CentreRow,
    device: DeviceRow
  ) => Promise<SyncResponse | undefined>;
  readonly exchange: (device: DeviceRow, centre: CentreRow) => Exchange;
  /** The device's row with what the exchange told about it. */
  readonly noted: (device: DeviceRow, exchange: Exchange) => DeviceRow;
  /** Whether a copy of the database may be given an id of its own: only where the answer reaches it. */
  readonly mayFork: boolean;
}

/** The write transaction; when the database refuses the whole batch, once more with a savepoint an operation (I19). */
export async function runPush(
  deps: SyncDeps,
  brought: Brought
): Promise<{ readonly pushed: PushResult } | { readonly answer: SyncResponse }> {
  const attempt = (oneByOne: boolean) =>
    deps.storage.withTransaction((tx) => pushWithin(tx, deps, brought, oneByOne));
  const result = await attempt(false).catch((error: unknown) => {
    if (!deps.storage.isDatabaseError(error)) throw error;
    deps.report?.(error);
    return attempt(true);
  });
  if ('pushed' in result) {
    deps.faults?.('push.after_commit');
    const { centre } = result.pushed.position;
    if (result.pushed.hasErased) deps.prepared?.forget();
    if (result.pushed.files.length > 0)
      // The row is gone and the ledger knows the hash: what fails here is done at the next start.
      await deps.eraseFiles?.(result.pushed.files).catch((error: unknown) => deps.report?.(error));
    if (result.moved) deps.pokes.notify({ epoch: centre.epoch, seq: centre.seq });
  }
  return result;
}

async function pushWithin(
  tx: WriteTransaction,
  deps: SyncDeps,
  brought: Brought,
  oneByOne: boolean
): Promise<{ readonly pushed: PushResult; readonly moved: boolean } | { readonly answer: SyncResponse }> {
  deps.faults?.('push.begin');
  const centre = await centreOf(tx, deps.centre);
  // The device and the history are read again: another request may have moved both since the snapshot.
  const device = (await tx.device(deps.centre, brought.device.id)) ?? brought.device;
  if (device.secretHash !== brought.device.secretHash)
    return { answer: { kind: 'sign_in', z: 1, reason: 'unknown' } };
  const objection = await brought.objection?.(tx, centre, device);
  if (objection !== undefined) return { answer: objection };

  const exchange = brought.exchange(device, centre);
  const { ops, mayFork } = brought;
  const pushed = await push(
    tx,
    { centre, device },
    { ops, actor: actorOf(device), exchange, oneByOne, mayFork },
    deps
  );
  await tx.putDevice(deps.centre, brought.noted(pushed.position.device, exchange));
  deps.faults?.('push.before_commit');
  return { pushed, moved: pushed.position.centre.seq > centre.seq };
}
