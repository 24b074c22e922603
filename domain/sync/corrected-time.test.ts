import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctedTime, type DeviceClock } from './corrected-time.ts';

const fresh: DeviceClock = { offsetMs: undefined, goodExchangeAt: 0, previousCorrected: 0 };

describe('the time of an operation', () => {
  it('is corrected by the offset of the exchange', () => {
    const exchange = { serverNow: 10_000, clientNow: 4_000, clock: 0 };
    expect(correctedTime({ w: 3_000, c: 0 }, exchange, fresh)).toEqual({ corrected: 9_000, suspect: false });
  });

  it('is never later than the server’s now', () => {
    const exchange = { serverNow: 10_000, clientNow: 4_000, clock: 0 };
    expect(correctedTime({ w: 90_000, c: 0 }, exchange, fresh).corrected).toBe(10_000);
  });

  it('is suspect when the clock jumped since, and then no later than what is certain', () => {
    const device = { offsetMs: 0, goodExchangeAt: 7_000, previousCorrected: 8_000 };
    const exchange = { serverNow: 10_000, clientNow: 10_000, clock: 1 };
    expect(correctedTime({ w: -5, c: 0 }, exchange, device)).toEqual({ corrected: 8_000, suspect: true });
  });

  it('never fails and never lies in the future, whatever clocks say (I14)', () => {
    const any = fc.integer({ min: -8e15, max: 8e15 });
    fc.assert(
      fc.property(any, any, fc.nat(3), fc.nat(3), fc.nat(1_000_000), (w, clientNow, c, clock, serverNow) => {
        const { corrected } = correctedTime({ w, c }, { serverNow, clientNow, clock }, fresh);
        expect(Number.isFinite(corrected)).toBe(true);
        expect(corrected).toBeLessThanOrEqual(serverNow);
      })
    );
  });
});
