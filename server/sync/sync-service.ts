import * as v from 'valibot';
import type { NameOf } from '#domain/sync/codec.ts';
import { maxOperations } from '#domain/sync/operation.ts';
import { isOffice, type Actor } from '#domain/sync/scope.ts';
import { syncRequestSchema, type SyncRequest, type SyncResponse } from '#domain/sync/protocol.ts';
import type { CentreRow, DeviceRow, ReadSnapshot, WriteTransaction } from '#server/storage/server-storage.ts';
import { authenticate, newLinkDevice } from './authenticate.ts';
import { beginEpoch } from './centre.ts';
import { isOfOffice, withRoleOfAccount } from './device-role.ts';
import { exchangeOf, isWorthStoring, withExchange } from './device-state.ts';
import { compareHistory } from './epochs.ts';
import { pull, revokedStreams } from './pull.ts';
import { idsOf, namesFor } from './record-names.ts';
import { push, type PushResult } from './push.ts';
import type { ExchangeContext, SyncDeps } from './sync-deps.ts';

export interface SyncService {
  /**
   * One exchange with a device: judges what it brings, answers with what changed for it. A bad request is an answer;
   * only bugs and broken storage reject.
   */
  exchange(request: unknown, context: ExchangeContext): Promise<SyncResponse>;
  /** Names by which an answer may call the records that its reader already has. */
  namesFor(answer: SyncResponse, cursors: Readonly<Record<string, number>>): Promise<NameOf>;
}

/** Writes that may wait before devices are asked to come later. */
const defaultMaxWaitingWrites = 200;
/** After a refusal by the database itself, ms. */
const restAfterFailureMs = 30_000;
/** A revoked device may bring what it holds for so long after its revocation. */
const revokedPushMs = 400 * 86_400_000;

export function createSyncService(deps: SyncDeps): SyncService {
  return {
    async exchange(input, context) {
      const parsed = v.safeParse(syncRequestSchema, input);
      if (!parsed.success) {
        const issue = parsed.issues[0];
        return {
          kind: 'bad_request',
          z: 1,
          detail: `${v.getDotPath(issue) ?? ''}: ${issue.message}`.slice(0, 300)
        };
      }
      const request = parsed.output;
      const brings = request.ops.length > 0 || context.ops !== undefined;
      const bound = deps.maxWaitingWrites ?? defaultMaxWaitingWrites;
      if (brings && deps.storage.waitingWrites >= bound) return slowDown(deps, 2_000);
      try {
        return await run(deps, request, context);
      } catch (error) {
        if (!deps.storage.isDatabaseError(error)) throw error;
        deps.report?.(error);
        return slowDown(deps, restAfterFailureMs);
      }
    },
    namesFor: (answer, cursors) =>
      deps.storage.readSnapshot((snapshot) => namesFor(snapshot, deps.centre, answer, cursors))
  };
}

async function run(deps: SyncDeps, given: SyncRequest, context: ExchangeContext): Promise<SyncResponse> {
  const { storage } = deps;
  const come = await storage.readSnapshot((snapshot) => admit(deps, snapshot, given, context));
  if (come.kind === 'answer') return come.answer;
  if (come.kind === 'restored') return storage.withTransaction((tx) => answerRestore(deps, tx, given, come));
  const arrival = await withPresentRole(deps, come, context);
  const unpacked = await unpackOps(deps, given, context);
  if ('answer' in unpacked) return unpacked.answer;
  const { request } = unpacked;

  const { device } = arrival;
  const revoked = device.revokedAt !== null;
  const signedOut = isOfOffice(device) && (await context.officeSession?.()) !== device.user;
  const tooOld = deps.isTooOld?.(request.build) ?? false;
  let pushed: PushResult | undefined;
  if (request.ops.length > 0) {
    const result = await runPush(deps, request, arrival);
    if ('answer' in result) return result.answer;
    pushed = result.pushed;
  } else {
    // A desk to which the office was closed cannot sign in, and still has to hear what it must drop.
    if (revoked || (signedOut && isOffice(device.role)))
      return { kind: 'sign_in', z: 1, reason: revoked ? 'revoked' : 'signed_out' };
    if (tooOld) return { kind: 'upgrade', z: 1, minBuild: deps.minBuild ?? '' };
  }

  deps.faults?.('pull.begin');
  const answer = await storage.readSnapshot(async (snapshot) => {
    const centre = await centreOf(snapshot, deps.centre);
    const whole = { z: 1 as const, epoch: centre.epoch, now: arrival.serverNow };
    const acks = [...(pushed?.acks ?? [])];
    if (pushed?.end.kind === 'gap') return { kind: 'gap' as const, ...whole, from: pushed.end.from, acks };
    if (pushed?.end.kind === 'forked') {
      const { from, newDevice, secret } = pushed.end;
      return { kind: 'device_forked' as const, ...whole, from, newDevice, secret, acks };
    }
    const closed = revoked || signedOut || tooOld;
    const actor = actorOf(device);
    const pages = closed
      ? { pages: [], revoked: revokedStreams({ actor, cursors: request.cursors }) }
      : await pull(snapshot, centre, { ...request, actor });
    return {
      kind: 'ok' as const,
      ...whole,
      head: [centre.seq, centre.hash] satisfies [number, string],
      acks,
      streams: [...pages.pages],
      revoked: [...pages.revoked],
      durable: centre.durable,
      minBuild: deps.minBuild ?? '',
      ...(pushed?.end.kind === 'newer' ? { newer: pushed.end.n } : {}),
      ...(revoked ? { signIn: 'revoked' as const } : signedOut ? { signIn: 'signed_out' as const } : {})
    };
  });
  deps.faults?.('pull.end');
  if (pushed === undefined) await storeExchange(deps, request, arrival);
  return answer;
}

/** The account decides over an office device: its row follows, in the same way as when a role is changed. */
async function withPresentRole(
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

/** The operations of a packed request with the full ids that its names stand for. */
async function unpackOps(
  deps: SyncDeps,
  request: SyncRequest,
  { ops }: ExchangeContext
): Promise<{ readonly request: SyncRequest } | { readonly answer: SyncResponse }> {
  if (ops === undefined) return { request };
  const ids = await deps.storage.readSnapshot((snapshot) => idsOf(snapshot, deps.centre, ops.names));
  const finished = ops.finish(ids);
  if (!finished.ok)
    return finished.error.type === 'unknown_names'
      ? { answer: { kind: 'unknown_names', z: 1 } }
      : { answer: { kind: 'bad_request', z: 1, detail: `ops: ${finished.error.detail}` } };
  if (finished.value.length > maxOperations)
    return { answer: { kind: 'bad_request', z: 1, detail: 'ops: too many' } };
  return { request: { ...request, ops: [...finished.value] } };
}

interface Admitted {
  readonly kind: 'admitted';
  readonly device: DeviceRow;
  readonly serverNow: number;
  /** The last seq of this device's that was found in the log. */
  readonly headSeq: number;
}

type Arrival =
  | Admitted
  | { readonly kind: 'answer'; readonly answer: SyncResponse }
  | { readonly kind: 'restored'; readonly restoredTo: number; readonly serverNow: number };

/** Who comes, and whether it knows the same history. */
async function admit(
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
        ? newLinkDevice(request.device, found.secretHash, serverNow)
        : undefined;
  if (device === undefined) return { kind: 'answer', answer: { kind: 'sign_in', z: 1, reason: 'unknown' } };
  if (device.revokedAt !== null && serverNow - device.revokedAt > revokedPushMs)
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

/** A restore that nobody announced: a new epoch, unless another device has just begun it. */
async function answerRestore(
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

function epochChanged(centre: CentreRow, now: number, restoredTo: number): SyncResponse {
  return { kind: 'epoch_changed', z: 1, epoch: centre.epoch, now, restoredTo };
}

/** The write transaction; when the database refuses the whole batch, once more with a savepoint an operation (I19). */
async function runPush(
  deps: SyncDeps,
  request: SyncRequest,
  arrival: Admitted
): Promise<{ readonly pushed: PushResult } | { readonly answer: SyncResponse }> {
  const attempt = (oneByOne: boolean) =>
    deps.storage.withTransaction((tx) => pushWithin(tx, deps, request, arrival, oneByOne));
  const result = await attempt(false).catch((error: unknown) => {
    if (!deps.storage.isDatabaseError(error)) throw error;
    deps.report?.(error);
    return attempt(true);
  });
  if ('pushed' in result) {
    deps.faults?.('push.after_commit');
    const { centre } = result.pushed.position;
    if (result.moved) deps.pokes.notify({ epoch: centre.epoch, seq: centre.seq });
  }
  return result;
}

async function pushWithin(
  tx: WriteTransaction,
  deps: SyncDeps,
  request: SyncRequest,
  arrival: Admitted,
  oneByOne: boolean
): Promise<{ readonly pushed: PushResult; readonly moved: boolean } | { readonly answer: SyncResponse }> {
  deps.faults?.('push.begin');
  const centre = await centreOf(tx, deps.centre);
  // The device and the history are read again: another request may have moved both since the snapshot.
  const device = (await tx.device(deps.centre, request.device)) ?? arrival.device;
  if (device.secretHash !== arrival.device.secretHash)
    return { answer: { kind: 'sign_in', z: 1, reason: 'unknown' } };
  const verdict = await compareHistory(tx, deps.centre, request, device);
  if (verdict.kind !== 'same') return { answer: epochChanged(centre, arrival.serverNow, verdict.restoredTo) };

  const exchange = exchangeOf(request, Math.max(arrival.serverNow, centre.lastNow));
  const input = { ops: request.ops, actor: actorOf(device), exchange, oneByOne };
  const pushed = await push(tx, { centre, device }, input, deps);
  await tx.putDevice(deps.centre, withExchange(pushed.position.device, request, exchange, arrival.headSeq));
  deps.faults?.('push.before_commit');
  return { pushed, moved: pushed.position.centre.seq > centre.seq };
}

/** Keeps what a pull told about the device, unless it tells nothing new. */
async function storeExchange(deps: SyncDeps, request: SyncRequest, arrival: Admitted): Promise<void> {
  const exchange = exchangeOf(request, arrival.serverNow);
  if (!isWorthStoring(arrival.device, request, exchange)) return;
  const write = deps.storage.withTransaction(async (tx) => {
    const device = await tx.device(deps.centre, request.device);
    if (device !== undefined)
      await tx.putDevice(deps.centre, withExchange(device, request, exchange, arrival.headSeq));
  });
  await write.catch((error: unknown) => {
    // Who only reads gets the pages from a database that cannot be written now: nobody's work depends on this row.
    if (!deps.storage.isDatabaseError(error)) throw error;
    deps.report?.(error);
  });
}

function actorOf(device: DeviceRow): Actor {
  return { role: device.role, user: device.user, device: device.id };
}

async function centreOf(snapshot: ReadSnapshot, id: string): Promise<CentreRow> {
  const centre = await snapshot.centre(id);
  if (centre === undefined) throw new Error(`the centre ${id} was not made`);
  return centre;
}

/** Devices come back at different moments. */
function slowDown(deps: SyncDeps, afterMs: number): SyncResponse {
  const [jitter = 0] = deps.random(1);
  return { kind: 'slow_down', z: 1, after: afterMs + Math.round((afterMs * jitter) / 255) };
}
