import * as v from 'valibot';
import type { Bundle } from '#domain/sync/bundle.ts';
import type { Names } from '#domain/sync/codec.ts';
import { maxOperations } from '#domain/sync/operation.ts';
import { isOffice } from '#domain/sync/scope.ts';
import { syncRequestSchema, type SyncRequest, type SyncResponse } from '#domain/sync/protocol.ts';
import type { Result } from '#domain/result.ts';
import {
  actorOf,
  admit,
  answerRestore,
  centreOf,
  epochChanged,
  slowDown,
  withPresentRole,
  type Admitted
} from './admission.ts';
import { nextSessions } from './ahead.ts';
import { takeBundle, type BundleRefusal, type TakenBundle } from './courier.ts';
import { isOfOffice } from './device-role.ts';
import { exchangeOf, isWorthStoring, withExchange } from './device-state.ts';
import { compareHistory } from './epochs.ts';
import { pull, revokedStreams } from './pull.ts';
import { idsOf, namesFor } from './record-names.ts';
import { runPush, type Brought } from './run-push.ts';
import type { PagePart } from './page-in-parts.ts';
import type { PreparedStreams } from './prepared-streams.ts';
import type { PushResult } from './push.ts';
import type { ExchangeContext, SyncDeps } from './sync-deps.ts';

export interface SyncService {
  /**
   * One exchange with a device: judges what it brings, answers with what changed for it. A bad request is an answer;
   * only bugs and broken storage reject.
   */
  exchange(request: unknown, context: ExchangeContext): Promise<SyncResponse>;
  /** The same for a device that reads pages in parts: rows of large streams stand in the parts only. */
  exchangeInParts(request: unknown, context: ExchangeContext): Promise<AnswerInParts>;
  /** Judges what was carried to the centre in a file. */
  takeBundle(bundle: Bundle): Promise<Result<TakenBundle, BundleRefusal>>;
  /** Names by which an answer may call the records that its reader already has. */
  namesFor(answer: SyncResponse, cursors: Readonly<Record<string, number>>): Promise<Names>;
}

export interface AnswerInParts {
  readonly response: SyncResponse;
  readonly parts: readonly PagePart[];
  /** The operations that were answered, with full ids. */
  readonly ops: readonly unknown[];
}

/** After a refusal by the database itself, ms. */
const restAfterFailureMs = 30_000;

export function createSyncService(deps: SyncDeps): SyncService {
  return {
    exchange: async (input, context) => (await parseAndRun(deps, input, context)).response,
    exchangeInParts: (input, context) => parseAndRun(deps, input, context, deps.prepared),
    takeBundle: (bundle) => takeBundle(deps, bundle),
    namesFor: (answer, cursors) =>
      deps.storage.readSnapshot((snapshot) => namesFor(snapshot, deps.centre, answer, cursors))
  };
}

/** `prepared`: for a device that reads parts. */
async function parseAndRun(
  deps: SyncDeps,
  input: unknown,
  context: ExchangeContext,
  prepared?: PreparedStreams
): Promise<AnswerInParts> {
  const parsed = v.safeParse(syncRequestSchema, input);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const detail = `${v.getDotPath(issue) ?? ''}: ${issue.message}`.slice(0, 300);
    return whole({ kind: 'bad_request', z: 1, detail });
  }
  try {
    return await run(deps, parsed.output, context, prepared);
  } catch (error) {
    if (!deps.storage.isDatabaseError(error)) throw error;
    deps.report?.(error);
    deps.pushHealth?.failed(error);
    return whole(slowDown(deps, restAfterFailureMs));
  }
}

function whole(response: SyncResponse): AnswerInParts {
  return { response, parts: [], ops: [] };
}

async function run(
  deps: SyncDeps,
  given: SyncRequest,
  context: ExchangeContext,
  prepared: PreparedStreams | undefined
): Promise<AnswerInParts> {
  const { storage } = deps;
  const come = await storage.readSnapshot((snapshot) => admit(deps, snapshot, given, context));
  if (come.kind === 'answer') return whole(come.answer);
  if (come.kind === 'restored')
    return whole(await storage.withTransaction((tx) => answerRestore(deps, tx, given, come)));
  const arrival = await withPresentRole(deps, come, context);
  const unpacked = await unpackOps(deps, given, context);
  if ('answer' in unpacked) return whole(unpacked.answer);
  const { request } = unpacked;

  const { device } = arrival;
  const revoked = device.revokedAt !== null;
  const signedOut = isOfOffice(device) && (await context.officeSession?.()) !== device.user;
  const tooOld = deps.isTooOld?.(request.build) ?? false;
  let pushed: PushResult | undefined;
  if (request.ops.length > 0) {
    const result = await runPush(deps, broughtBy(deps, request, arrival));
    if ('answer' in result) return whole(result.answer);
    pushed = result.pushed;
    deps.pushHealth?.succeeded();
  } else {
    // A desk to which the office was closed cannot sign in, and still has to hear what it must drop.
    if (revoked || (signedOut && isOffice(device.role)))
      return whole({ kind: 'sign_in', z: 1, reason: revoked ? 'revoked' : 'signed_out' });
    if (tooOld) return whole({ kind: 'upgrade', z: 1, minBuild: deps.minBuild ?? '' });
  }

  deps.faults?.('pull.begin');
  const answer = await storage.readSnapshot(async (snapshot) => {
    const centre = await centreOf(snapshot, deps.centre);
    const entries = { z: 1 as const, epoch: centre.epoch, now: arrival.serverNow };
    const acks = [...(pushed?.acks ?? [])];
    const struck = pushed?.struck ?? [];
    if (pushed?.end.kind === 'gap' || pushed?.end.kind === 'forked') {
      const settled = { ...entries, acks, ...(struck.length === 0 ? {} : { erased: [...new Set(struck)] }) };
      if (pushed.end.kind === 'gap') return whole({ kind: 'gap', ...settled, from: pushed.end.from });
      const { from, newDevice, secret } = pushed.end;
      return whole({ kind: 'device_forked', ...settled, from, newDevice, secret });
    }
    // A courier's receipt moves the head and tells no ids; cursors move with an answer only.
    const seen = Math.min(request.head?.[0] ?? 0, ...Object.values(request.cursors));
    const since = (await snapshot.erasedAfter(centre.id, seen)).filter(({ kind }) => kind === 'id');
    const erased = [...new Set([...since.map(({ name }) => name), ...struck])];
    const closed = revoked || signedOut || tooOld;
    const actor = actorOf(device);
    const pages = closed
      ? { pages: [], parts: [], ahead: [], revoked: revokedStreams({ actor, cursors: request.cursors }) }
      : await pull(snapshot, centre, {
          ...request,
          actor,
          nextSessions: () => (deps.nextSessions ?? nextSessions)(snapshot, deps.centre, arrival.serverNow),
          ...(prepared === undefined ? {} : { prepared })
        });
    const response: SyncResponse = {
      kind: 'ok',
      ...entries,
      head: [centre.seq, centre.hash] satisfies [number, string],
      acks,
      streams: [...pages.pages],
      ...(pages.ahead.length === 0 ? {} : { ahead: [...pages.ahead] }),
      revoked: [...pages.revoked],
      durable: centre.durable,
      minBuild: deps.minBuild ?? '',
      ...(erased.length === 0 ? {} : { erased }),
      ...(pushed?.end.kind === 'newer' ? { newer: pushed.end.n } : {}),
      ...(revoked ? { signIn: 'revoked' as const } : signedOut ? { signIn: 'signed_out' as const } : {})
    };
    return { response, parts: pages.parts, ops: request.ops };
  });
  deps.faults?.('pull.end');
  if (pushed === undefined) await storeExchange(deps, request, arrival);
  return answer;
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

/** What an exchange brings. The history is compared again within the transaction. */
function broughtBy(deps: SyncDeps, request: SyncRequest, arrival: Admitted): Brought {
  const { device, serverNow, headSeq } = arrival;
  return {
    device,
    ops: request.ops,
    objection: async (tx, centre, present) => {
      const verdict = await compareHistory(tx, deps.centre, request, present);
      return verdict.kind === 'same' ? undefined : epochChanged(centre, serverNow, verdict.restoredTo);
    },
    exchange: (_, centre) => exchangeOf(request, Math.max(serverNow, centre.lastNow)),
    noted: (present, exchange) => withExchange(present, request, exchange, headSeq),
    mayFork: true
  };
}
