import type { Bundle, Receipt } from '#domain/sync/bundle.ts';
import { maxOperations } from '#domain/sync/operation.ts';
import type { Acknowledgement } from '#domain/sync/protocol.ts';
import { fail, ok, type Result } from '#domain/result.ts';
import type { CentreRow, DeviceRow } from '#server/storage/server-storage.ts';
import { centreOf, isLongRevoked } from './admission.ts';
import { authenticate } from './authenticate.ts';
import { compareHistory } from './epochs.ts';
import type { PushEnd } from './push.ts';
import { runPush } from './run-push.ts';
import type { SyncDeps } from './sync-deps.ts';

/** What became of the operations of a file. */
export interface TakenBundle {
  readonly device: DeviceRow;
  readonly receipt: Receipt;
  /** `gap`: the centre lacks earlier operations of this tablet; `copied`: its database was copied. */
  readonly end: PushEnd['kind'];
}

export type BundleRefusal =
  /** No tablet of this centre made it, or it was disconnected so long ago that it may bring nothing. */
  { readonly type: 'unknown_device' };

/**
 * Judges what a courier's file brings as if its tablet had sent it: same authors, same rules, the same operations by
 * network or in another file change nothing. It is no exchange: the tablet's clock is corrected by the offset that was
 * last seen, and nothing is told to the tablet but its receipt.
 */
export async function takeBundle(
  deps: SyncDeps,
  bundle: Bundle
): Promise<Result<TakenBundle, BundleRefusal>> {
  const come = await deps.storage.readSnapshot(async (snapshot) => {
    const centre = await centreOf(snapshot, deps.centre);
    const serverNow = Math.max(deps.clock(), centre.lastNow);
    const found = await authenticate(snapshot, deps, bundle.device, { secret: bundle.secret });
    // A desk's rights are its account's, which only an exchange asks; and it works where there is a network.
    if (found.kind !== 'device' || found.device.role !== 'field') return undefined;
    if (isLongRevoked(found.device, serverNow)) return undefined;
    const history = await compareHistory(snapshot, deps.centre, bundle, found.device);
    return { device: found.device, serverNow, isKnown: history.kind === 'same' };
  });
  if (come === undefined) return fail({ type: 'unknown_device' });

  const acks: Acknowledgement[] = [];
  const struck = new Set<string>();
  let end: PushEnd['kind'] = 'all';
  for (let start = 0; start < bundle.ops.length && end === 'all'; start += maxOperations) {
    const result = await runPush(deps, {
      device: come.device,
      ops: bundle.ops.slice(start, start + maxOperations),
      exchange: (device, centre) => lastSeen(bundle, device, Math.max(come.serverNow, centre.lastNow)),
      noted: (device) => device,
      mayFork: false
    });
    if ('answer' in result) return fail({ type: 'unknown_device' });
    acks.push(...result.pushed.acks);
    for (const id of result.pushed.struck) struck.add(id);
    end = result.pushed.end.kind;
  }
  const centre = await deps.storage.readSnapshot((snapshot) => centreOf(snapshot, deps.centre));
  return ok({ device: come.device, end, receipt: receiptOf(bundle, centre, come, acks, struck) });
}

/** The clock of the tablet as the last exchange showed it; a period that no exchange has measured is suspect. */
function lastSeen({ clock }: Bundle, device: DeviceRow, serverNow: number) {
  const isMeasured = clock !== undefined && device.offsetMs !== null;
  return {
    serverNow,
    clientNow: serverNow - (device.offsetMs ?? 0),
    clock: isMeasured ? clock : unmeasured
  };
}

/** No operation carries it. */
const unmeasured = -1;

function receiptOf(
  { device, head: since }: Bundle,
  { epoch, seq, hash }: CentreRow,
  { serverNow: at, isKnown }: { readonly serverNow: number; readonly isKnown: boolean },
  acks: readonly Acknowledgement[],
  struck: ReadonlySet<string>
): Receipt {
  const head: Receipt['head'] = isKnown ? [seq, hash] : null;
  const erased = struck.size === 0 ? {} : { erased: [...struck] };
  return { z: 1, kind: 'receipt', device, epoch, since, head, at, acks: [...acks], ...erased };
}
