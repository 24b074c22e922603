import type { SyncRequest, SyncResponse } from '#domain/sync/protocol.ts';
import { applyAnswer, type Applied } from '$lib/storage/apply-answer.ts';
import type { DeviceDatabase, DeviceState } from '$lib/storage/database.ts';
import { tickClock, type DeviceEnvironment } from '$lib/storage/environment.ts';
import { noteFailure } from '$lib/storage/journal.ts';
import { isNewerThan, NewerDatabaseError } from '$lib/storage/program.ts';
import { stateOf } from '$lib/storage/write.ts';
import { bringOnly } from './bring-only.ts';
import { credentialsOf, toRequest, type RequestOptions } from './request.ts';
import { readAnswer, type RawAnswer, type Transport } from './transport.ts';

export type { ExchangeLimits } from './request.ts';

/** What one exchange came to. Whatever it says, unacknowledged work is where it was (I13). */
export type ExchangeResult =
  | { readonly type: 'done'; readonly applied: Applied; readonly more: boolean }
  | { readonly type: 'history_changed' }
  | { readonly type: 'slow_down'; readonly afterMs: number }
  | { readonly type: 'sign_in'; readonly reason: 'unknown' | 'revoked' | 'signed_out' }
  | { readonly type: 'upgrade' }
  /** A newer program has written here: what waits was brought as far as it went, nothing was stored (I29). */
  | { readonly type: 'read_only' }
  | { readonly type: 'refused'; readonly detail: string; readonly id?: RawAnswer['id'] }
  /** The centre, or the proxy before it, says that it cannot answer now. */
  | { readonly type: 'unavailable'; readonly id?: RawAnswer['id'] }
  /** Somebody else answered (a portal's page). */
  | { readonly type: 'foreign_answer'; readonly status: number }
  | { readonly type: 'no_network' };

/**
 * One cycle: read a batch → send → apply the answer in one transaction. Safe to run twice at once (I27). What failed is
 * kept in the journal.
 */
export async function exchange(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  transport: Transport,
  options: RequestOptions
): Promise<ExchangeResult> {
  if (isNewerThan(database.program, await database.meta.get('state')))
    return bringOnly(database, environment, transport, options);
  try {
    const result = await cycle(database, environment, transport, options);
    if (result.type !== 'done' && result.type !== 'history_changed' && result.type !== 'read_only')
      await noteFailure(database, environment.now, result.type, 'id' in result ? result.id : undefined);
    return result;
  } catch (error) {
    // The newer program has opened the database in another tab meanwhile.
    if (error instanceof NewerDatabaseError) return { type: 'read_only' };
    throw error;
  }
}

async function cycle(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  transport: Transport,
  options: RequestOptions
): Promise<ExchangeResult> {
  const { request, state } = await readBatch(database, environment, options);
  let raw: RawAnswer;
  try {
    raw = await transport(request, credentialsOf(state));
  } catch {
    return { type: 'no_network' };
  }
  environment.fault?.('exchange.answer_arrived');
  const answer = readAnswer(raw);
  if (answer === undefined && raw.status >= 500) return { type: 'unavailable', id: raw.id };
  if (answer === undefined) return { type: 'foreign_answer', status: raw.status };
  transport.askAhead?.(answer);
  const { epoch, device, head } = state;
  const sent = { epoch, device, head, now: request.now, clock: request.clock, ...raw.askedAhead };
  const applied = await applyAnswer(database, environment, sent, answer);
  return toResult(database, answer, applied, raw);
}

async function toResult(
  database: DeviceDatabase,
  answer: SyncResponse,
  applied: Applied,
  { askedAhead, id }: RawAnswer
): Promise<ExchangeResult> {
  switch (answer.kind) {
    case 'ok': {
      if (applied.result === 'ignored') return { type: 'done', applied, more: true };
      const waiting = await database.outbox.count();
      const pages = answer.streams.some((page) => page.more) || applied.mismatches.length > 0;
      // What came to wait after a page had been asked for goes with the next exchange.
      const goesOn = applied.settled > 0 || askedAhead !== undefined;
      return { type: 'done', applied, more: pages || (waiting > 0 && goesOn) };
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
      return { type: 'refused', detail: answer.detail, id };
    case 'unknown_names':
      return { type: 'refused', detail: answer.kind, id };
  }
}

async function readBatch(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  options: RequestOptions
): Promise<{ request: SyncRequest; state: DeviceState }> {
  return database.writing([database.outbox, database.cursors], async (present) => {
    const before = stateOf(present);
    const state: DeviceState = { ...before, ...tickClock(before, environment) };
    await database.meta.put(state);
    return { request: await toRequest(database, state, options), state };
  });
}
