import { maxOperations } from '#domain/sync/operation.ts';
import type { DeviceHealth, SyncRequest } from '#domain/sync/protocol.ts';
import { streamsFor } from '#domain/sync/scope.ts';
import type { DeviceDatabase, DeviceState, OutboxRow } from '$lib/storage/database.ts';
import { open } from '$lib/storage/sealing.ts';
import type { Credentials } from './transport.ts';

export interface ExchangeLimits {
  /** Operations as JSON, characters, before gzip: sized to what the link has shown. */
  readonly batchLength: number;
  /** Bytes of rows that the answer may carry. */
  readonly maxBytes: number;
}

export interface RequestOptions {
  readonly build: string;
  readonly limits: ExchangeLimits;
  readonly health?: DeviceHealth;
}

export function credentialsOf(state: DeviceState): Credentials {
  return { secret: state.secret, ...(state.link === undefined ? {} : { link: state.link }) };
}

/** The next request: the oldest waiting operations above `after`, the cursors, what the device says of itself. */
export async function toRequest(
  database: DeviceDatabase,
  state: DeviceState,
  options: RequestOptions,
  after = 0
): Promise<SyncRequest> {
  const waiting = await database.outbox.where('n').above(after).limit(maxOperations).toArray();
  const pending = await database.outbox.count();
  const cursors = await database.cursors.toArray();
  const oldest = after === 0 ? waiting[0] : await database.outbox.orderBy('n').first();
  const actor = { role: state.role, user: state.user, device: state.device };
  const expected = after === 0 ? state.expected : after + 1;
  return {
    z: 1,
    device: state.device,
    epoch: state.epoch,
    build: options.build,
    now: state.lastWall,
    clock: state.clock,
    oldestPending: oldest === undefined ? null : oldest.w,
    pending,
    head: state.head,
    ops: waiting.length === 0 ? [] : toOperations(waiting, options.limits.batchLength, expected),
    // In the order of the answer's pages, which need not name what stands where it stood.
    cursors: Object.fromEntries(
      streamsFor(actor).flatMap((stream) =>
        cursors.filter((row) => row.stream === stream).map((row) => [stream, row.cursor])
      )
    ),
    maxBytes: options.limits.maxBytes,
    ...(options.health === undefined ? {} : { health: options.health })
  };
}

/** As many operations as fit, in order; numbers that this device no longer holds are declared as lost. */
export function toOperations(
  rows: readonly OutboxRow[],
  batchLength: number,
  firstExpected: number | undefined,
  most = maxOperations
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
  return operations.slice(0, most);
}
