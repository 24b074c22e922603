import { offsetJumped, type Exchange } from '#domain/sync/corrected-time.ts';
import type { SyncRequest } from '#domain/sync/protocol.ts';
import type { DeviceRow } from '#server/storage/server-storage.ts';

/** A pull is written down at most this often when it tells nothing new. */
const restMs = 10_000;
/** Clocks that moved less against each other did not move. */
const offsetMovedMs = 1_000;

export function exchangeOf(request: SyncRequest, serverNow: number): Exchange {
  return { serverNow, clientNow: request.now, clock: request.clock };
}

/** What an exchange tells about a device: its clock, what waits on it, how it is. */
export function withExchange(
  device: DeviceRow,
  request: SyncRequest,
  exchange: Exchange,
  headSeq: number
): DeviceRow {
  return {
    ...device,
    goodExchangeAt: offsetJumped(clockOf(device), exchange) ? device.goodExchangeAt : exchange.serverNow,
    offsetMs: exchange.serverNow - exchange.clientNow,
    lastExchangeAt: exchange.serverNow,
    headSeq: Math.max(device.headSeq, headSeq),
    pending: request.pending,
    oldestPending: request.oldestPending,
    build: request.build,
    health: request.health ?? device.health
  };
}

export function isWorthStoring(device: DeviceRow, request: SyncRequest, exchange: Exchange): boolean {
  const offset = exchange.serverNow - exchange.clientNow;
  return (
    device.lastExchangeAt === null ||
    exchange.serverNow - device.lastExchangeAt >= restMs ||
    device.offsetMs === null ||
    Math.abs(offset - device.offsetMs) > offsetMovedMs ||
    device.pending !== request.pending ||
    device.oldestPending !== request.oldestPending ||
    device.build !== request.build
  );
}

function clockOf(device: DeviceRow) {
  return {
    offsetMs: device.offsetMs ?? undefined,
    goodExchangeAt: device.goodExchangeAt,
    previousCorrected: device.previousCorrected
  };
}
