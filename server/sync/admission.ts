import type { SyncRequest, SyncResponse } from '#domain/sync/protocol.ts';
import type { Actor } from '#domain/sync/scope.ts';
import type { CentreRow, DeviceRow, ReadSnapshot, WriteTransaction } from '#server/storage/server-storage.ts';
import { authenticate, newLinkDevice } from './authenticate.ts';
import { beginEpoch } from './centre.ts';
import { isOfOffice, withRoleOfAccount } from './device-role.ts';
import { compareHistory } from './epochs.ts';
import type { ExchangeContext, SyncDeps } from './sync-deps.ts';

/** A revoked device may bring what it holds for so long after its revocation. */
const revokedPushMs = 400 * 86_400_000;

export interface Admitted {
  readonly kind: 'admitted';
  readonly device: DeviceRow;
  readonly serverNow: number;
  /** The last seq of this device's that was found in the log. */
  readonly headSeq: number;
}

export type Arrival =
  | Admitted
  | { readonly kind: 'answer'; readonly answer: SyncResponse }
  | { readonly kind: 'restored'; readonly restoredTo: number; readonly serverNow: number };

/** Who comes, and whether it knows the same history. */
export async function admit(
  deps: SyncDeps,
  snapshot: ReadSnapshot,
  request: SyncRequest,
  context: ExchangeContext
): Promise<Arrival> {
  const centre = await centreOf(snapshot, deps.centre);
  const serverNow = Math.max(context.serverNow ?? deps.clock(), centre.lastNow);
  const found = await authenticate(snapshot, deps, request.device, context);
  // One that knows an epoch was here before: a restore has forgotten it, and it has to be asked for what it retains.
  const brings = request.ops.length > 0 || context.ops !== undefined;
  const link = found.kind === 'link' && (brings || request.epoch !== null);
  const device =
    found.kind === 'device'
      ? found.device
      : link
        ? newLinkDevice(request.device, found, serverNow)
        : undefined;
  if (device === undefined) return { kind: 'answer', answer: { kind: 'sign_in', z: 1, reason: 'unknown' } };
  if (isLongRevoked(device, serverNow))
    return { kind: 'answer', answer: { kind: 'sign_in', z: 1, reason: 'revoked' } };

  const verdict = await compareHistory(snapshot, deps.centre, request, device);
  if (verdict.kind === 'same') {
    if (found.kind === 'link' && !brings)
      return { kind: 'answer', answer: { kind: 'sign_in', z: 1, reason: 'unknown' } };
    const afterMs = found.kind === 'link' ? (context.register?.() ?? 0) : 0;
    if (afterMs > 0) return { kind: 'answer', answer: slowDown(deps, Math.ceil(afterMs)) };
    return { kind: 'admitted', device, serverNow, headSeq: request.head?.[0] ?? device.headSeq };
  }
  // Anybody may hold a campaign's link, so its devices are believed only about themselves.
  const isTrusted = device.role !== 'respondent' && device.revokedAt === null;
  if (isTrusted && (verdict.kind === 'restored' || verdict.kind === 'unknown_epoch'))
    return { kind: 'restored', restoredTo: verdict.restoredTo, serverNow };
  return { kind: 'answer', answer: epochChanged(centre, serverNow, verdict.restoredTo) };
}

/** Whether a device was revoked so long ago that it may bring nothing any more. */
export function isLongRevoked(device: DeviceRow, serverNow: number): boolean {
  return device.revokedAt !== null && serverNow - device.revokedAt > revokedPushMs;
}

/** The account decides over an office device: its row follows, in the same way as when a role is changed. */
export async function withPresentRole(
  deps: SyncDeps,
  arrival: Admitted,
  context: ExchangeContext
): Promise<Admitted> {
  if (context.officeRole === undefined || !isOfOffice(arrival.device)) return arrival;
  const role = (await context.officeRole(arrival.device.user)) ?? 'field';
  if (role === arrival.device.role) return arrival;
  return deps.storage.withTransaction(async (tx) => {
    const device = (await tx.device(deps.centre, arrival.device.id)) ?? arrival.device;
    const aligned = withRoleOfAccount(device, role, arrival.serverNow);
    if (aligned !== undefined) await tx.putDevice(deps.centre, aligned);
    return { ...arrival, device: aligned ?? device };
  });
}

/** A restore that nobody announced: a new epoch, unless another device has just begun it. */
export async function answerRestore(
  deps: SyncDeps,
  tx: WriteTransaction,
  request: SyncRequest,
  arrival: { readonly restoredTo: number; readonly serverNow: number }
): Promise<SyncResponse> {
  const centre = await centreOf(tx, deps.centre);
  const device = await tx.device(deps.centre, request.device);
  const verdict = await compareHistory(tx, deps.centre, request, device);
  if (verdict.kind === 'other_epoch') return epochChanged(centre, arrival.serverNow, verdict.restoredTo);
  // The present epoch was in force before the unknown one: used again, answers of then would count as answers of now.
  if (verdict.kind === 'unknown_epoch' && request.epoch !== null)
    await tx.addEpoch(centre.id, {
      epoch: request.epoch,
      firstSeq: centre.seq + 1,
      restoredTo: arrival.restoredTo
    });
  const next = await beginEpoch(tx, centre, deps.random, arrival.restoredTo);
  return epochChanged(next, arrival.serverNow, arrival.restoredTo);
}

export function epochChanged(centre: CentreRow, now: number, restoredTo: number): SyncResponse {
  return { kind: 'epoch_changed', z: 1, epoch: centre.epoch, now, restoredTo };
}

export function actorOf(device: DeviceRow): Actor {
  const { id, role, user, campaign } = device;
  return { role, user, device: id, ...(campaign === null ? {} : { campaign }) };
}

export async function centreOf(snapshot: ReadSnapshot, id: string): Promise<CentreRow> {
  const centre = await snapshot.centre(id);
  if (centre === undefined) throw new Error(`the centre ${id} was not made`);
  return centre;
}

/** Devices come back at different moments. */
export function slowDown(deps: SyncDeps, afterMs: number): SyncResponse {
  const [jitter = 0] = deps.random(1);
  return { kind: 'slow_down', z: 1, after: afterMs + Math.round((afterMs * jitter) / 255) };
}
