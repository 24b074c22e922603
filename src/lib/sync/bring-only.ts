import type { Acknowledgement } from '#domain/sync/protocol.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { tickClock, type DeviceEnvironment } from '$lib/storage/environment.ts';
import { requireState } from '$lib/storage/write.ts';
import type { ExchangeResult } from './exchange.ts';
import { credentialsOf, toRequest, type RequestOptions } from './request.ts';
import { readAnswer, type Transport } from './transport.ts';

/** Rows of an answer that nobody keeps. */
const fewestBytes = 1_000;

/**
 * What a program that is too old for its database still may do: it brings what waits, batch by batch, and stores nothing of
 * the answers (I25, I29). The newer program sends the same again and hears that it is known.
 */
export async function bringOnly(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  transport: Transport,
  options: RequestOptions
): Promise<ExchangeResult> {
  const limits = { ...options.limits, maxBytes: fewestBytes };
  for (let after = 0; ;) {
    const request = await database.transaction(
      'r',
      [database.meta, database.outbox, database.cursors],
      async () => {
        const state = await requireState(database);
        const read = { ...state, ...tickClock(state, environment) };
        return { ...(await toRequest(database, read, { ...options, limits }, after)), state };
      }
    );
    const { state, ...sent } = request;
    if (after > 0 && sent.ops.length === 0) return { type: 'read_only' };
    let raw;
    try {
      raw = await transport(sent, credentialsOf(state));
    } catch {
      // No network: the newer program, or the next try, brings the rest.
      return { type: 'read_only' };
    }
    const answer = readAnswer(raw);
    const reached = answer?.kind === 'ok' ? lastOf(answer.acks) : 0;
    if (reached <= after) return { type: 'read_only' };
    after = reached;
  }
}

/** The last number that an answer lists. */
function lastOf(acks: readonly Acknowledgement[]): number {
  return acks.reduce((last, ack) => Math.max(last, ack.to ?? ack.n), 0);
}
