import * as v from 'valibot';
import { maxOperations } from '#domain/sync/operation.ts';
import {
  syncResponseSchema,
  type DeviceHealth,
  type SyncRequest,
  type SyncResponse
} from '#domain/sync/protocol.ts';
import { streamsFor } from '#domain/sync/scope.ts';
import { applyAnswer, type Applied } from '$lib/storage/apply-answer.ts';
import type { DeviceDatabase, DeviceState, OutboxRow } from '$lib/storage/database.ts';
import { tickClock, type DeviceEnvironment } from '$lib/storage/environment.ts';
import { noteFailure } from '$lib/storage/journal.ts';
import { open } from '$lib/storage/sealing.ts';
import { requireState } from '$lib/storage/write.ts';
import type { RawAnswer, Transport } from './transport.ts';

/** What one exchange came to. Whatever it says, unacknowledged work is where it was (I13). */
export type ExchangeResult =
  | { readonly type: 'done'; readonly applied: Applied; readonly more: boolean }
  | { readonly type: 'history_changed' }
  | { readonly type: 'slow_down'; readonly afterMs: number }
  | { readonly type: 'sign_in'; readonly reason: 'unknown' | 'revoked' | 'signed_out' }
  | { readonly type: 'upgrade' }
  | { readonly type: 'refused'; readonly detail: string }
  /** Somebody else answered (a portal's page, a proxy's error). */
  | { readonly type: 'foreign_answer'; readonly status: number }
  | { readonly type: 'no_network' };

export interface ExchangeLimits {
  /** Operations as JSON, characters, before gzip: sized to what the link has shown. */
  readonly batchLength: number;
  /** Bytes of rows that the answer may carry. */
  readonly maxBytes: number;
}

/**
 * One cycle: read a batch → send → apply the answer in one transaction. Safe to run twice at once (I27). What failed is
 * kept in the journal.
 */
export async function exchange(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  transport: Transport,
  options: { readonly build: string; readonly limits: ExchangeLimits; readonly health?: DeviceHealth }
): Promise<ExchangeResult> {
  const result = await cycle(database, environment, transport, options);
  if (result.type !== 'done' && result.type !== 'history_changed')
    await noteFailure(database, environment.now, result.type);
  return result;
}

async function cycle(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  transport: Transport,
  options: { readonly build: string; readonly limits: ExchangeLimits; readonly health?: DeviceHealth }
): Promise<ExchangeResult> {
  const { request, state } = await readBatch(database, environment, options);
  const credentials = { secret: state.secret, ...(state.link === undefined ? {} : { link: state.link }) };
  let raw: RawAnswer;
  try {
    raw = await transport(request, credentials);
  } catch {
    return { type: 'no_network' };
  }
  environment.fault?.('exchange.answer_arrived');
  const answer = readAnswer(raw);
  if (answer === undefined) return { type: 'foreign_answer', status: raw.status };
  const sent = { epoch: state.epoch, device: state.device, now: request.now, operations: request.ops.length };
  const applied = await applyAnswer(database, environment, sent, answer);
  return toResult(database, answer, applied);
}

/** An answer is ours only if it is the protocol's JSON with `z:1`; anything else changes nothing (I28). */
function readAnswer(raw: RawAnswer): SyncResponse | undefined {
  const parsed = v.safeParse(syncResponseSchema, raw.json);
  return parsed.success ? parsed.output : undefined;
}

async function toResult(
  database: DeviceDatabase,
  answer: SyncResponse,
  applied: Applied
): Promise<ExchangeResult> {
  switch (answer.kind) {
    case 'ok': {
      const waiting = await database.outbox.count();
      const pages = answer.streams.some((page) => page.more) || applied.mismatches.length > 0;
      return { type: 'done', applied, more: pages || (waiting > 0 && applied.settled > 0) };
    }
    case 'epoch_changed':
    case 'gap':
    case 'device_forked':
      return applied.result === 'ignored'
        ? { type: 'done', applied, more: true }
        : { type: 'history_changed' };
    case 'slow_down':
      return { type: 'slow_down', afterMs: answer.after };
    case 'sign_in':
      return { type: 'sign_in', reason: answer.reason };
    case 'upgrade':
      return { type: 'upgrade' };
    case 'bad_request':
      return { type: 'refused', detail: answer.detail };
    case 'unknown_names':
      return { type: 'refused', detail: answer.kind };
  }
}

async function readBatch(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  options: { readonly build: string; readonly limits: ExchangeLimits; readonly health?: DeviceHealth }
): Promise<{ request: SyncRequest; state: DeviceState }> {
  return database.transaction('rw', [database.meta, database.outbox, database.cursors], async () => {
    const before = await requireState(database);
    const state: DeviceState = { ...before, ...tickClock(before, environment) };
    await database.meta.put(state);
    const waiting = await database.outbox.orderBy('n').limit(maxOperations).toArray();
    const pending = await database.outbox.count();
    const cursors = await database.cursors.toArray();
    const first = waiting[0];
    const actor = { role: state.role, user: state.user, device: state.device };
    const request: SyncRequest = {
      z: 1,
      device: state.device,
      epoch: state.epoch,
      build: options.build,
      now: state.lastWall,
      clock: state.clock,
      oldestPending: first === undefined ? null : first.w,
      pending,
      head: state.head,
      ops: first === undefined ? [] : toOperations(waiting, options.limits.batchLength, state.expected),
      // In the order of the answer's pages, which need not name what stands where it stood.
      cursors: Object.fromEntries(
        streamsFor(actor).flatMap((stream) =>
          cursors.filter((row) => row.stream === stream).map((row) => [stream, row.cursor])
        )
      ),
      maxBytes: options.limits.maxBytes,
      ...(options.health === undefined ? {} : { health: options.health })
    };
    return { request, state };
  });
}

/** As many operations as fit, in order; numbers that this device no longer holds are declared as lost. */
function toOperations(
  rows: readonly OutboxRow[],
  batchLength: number,
  firstExpected: number | undefined
): unknown[] {
  const operations: unknown[] = [];
  let length = 0;
  let expected = firstExpected;
  for (const row of rows) {
    const operation = open(row.body);
    length += JSON.stringify(operation).length;
    if (operations.length > 0 && length > batchLength) break;
    if (expected !== undefined && row.n > expected)
      operations.push({ n: expected, to: row.n - 1, lost: true });
    operations.push(operation);
    expected = row.n + 1;
  }
  return operations.slice(0, maxOperations);
}
