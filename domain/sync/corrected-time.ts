/** The offset of a device's clock may move by this much between two exchanges before its times are suspect. */
const suspectOffsetMs = 60_000;

export interface DeviceClock {
  /** Server now − client now at the previous exchange; undefined = this is the first one. */
  readonly offsetMs: number | undefined;
  /** Server time of the last exchange whose clock could be trusted; 0 = none. */
  readonly goodExchangeAt: number;
  /** Corrected time of the device's previous operation; 0 = none. */
  readonly previousCorrected: number;
}

export interface Exchange {
  /** Arrival of the request's first byte, UTC ms, never below the last envelope's. */
  readonly serverNow: number;
  /** Device wall clock at sending. */
  readonly clientNow: number;
  /** Clock period of the device at sending. */
  readonly clock: number;
}

/** Whether this exchange's offset differs too much from the previous one to be trusted. */
export function offsetJumped(device: DeviceClock, exchange: Exchange): boolean {
  const offset = exchange.serverNow - exchange.clientNow;
  return device.offsetMs !== undefined && Math.abs(offset - device.offsetMs) > suspectOffsetMs;
}

/**
 * The time of an operation corrected by this exchange's clock offset, never later than the server's now. When the
 * device's clock jumped since the operation was written, it is suspect and takes the latest time that is certain.
 */
export function correctedTime(
  operation: { readonly w: number; readonly c: number },
  exchange: Exchange,
  device: DeviceClock
): { readonly corrected: number; readonly suspect: boolean } {
  const { serverNow, clientNow } = exchange;
  const suspect = operation.c !== exchange.clock || offsetJumped(device, exchange);
  if (suspect) {
    return {
      corrected: Math.min(serverNow, Math.max(device.goodExchangeAt, device.previousCorrected)),
      suspect
    };
  }
  return { corrected: Math.min(serverNow, operation.w + (serverNow - clientNow)), suspect };
}
