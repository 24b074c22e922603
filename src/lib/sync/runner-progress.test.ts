import { expect, test } from 'vitest';
import type { ExchangeLimits, ExchangeResult } from './exchange.ts';
import { createSyncRunner, type SyncRunner } from './runner.ts';

/** A runner whose exchanges give these results one after another, with the limits that each was given. */
function running(results: readonly ExchangeResult[]): {
  readonly runner: SyncRunner;
  readonly asked: ExchangeLimits[];
  readonly delays: number[];
} {
  const asked: ExchangeLimits[] = [];
  const delays: number[] = [];
  const runner = createSyncRunner({
    exchange: (limits) => {
      asked.push(limits);
      return Promise.resolve(results[asked.length - 1] ?? { type: 'no_network' });
    },
    alone: (cycle) => cycle(),
    now: () => 0,
    random: () => 0.999,
    setTimer: (_callback, delayMs) => {
      delays.push(delayMs);
      return () => undefined;
    },
    onStatus: () => undefined,
    onError: (error) => {
      throw error;
    }
  });
  return { runner, asked, delays };
}

const more: ExchangeResult = {
  type: 'done',
  more: true,
  applied: { result: 'applied', settled: 1, refused: 0, received: 0, mismatches: [] }
};

test('a body that the server does not take is sent again in smaller parts, not for ever the same', async () => {
  const { runner, asked } = running([
    more,
    more,
    { type: 'refused', detail: 'body: too_large' },
    { type: 'refused', detail: 'body: too_large' }
  ]);
  await runner.now();
  await runner.now();
  const [first = 0, , third = 0, fourth = 0] = asked.map(({ batchLength }) => batchLength);
  expect(third).toBe(first * 4);
  expect(fourth).toBe(third / 2);
});

test('a cycle goes on while there is progress and ends at the first try without it', async () => {
  const { runner, asked } = running([more, more, { ...more, more: false }, more]);
  await runner.now();
  expect(asked).toHaveLength(3);
});

test('failures come further and further apart, up to a quarter of an hour', async () => {
  const { runner, delays } = running([]);
  for (let attempt = 0; attempt < 14; attempt++) await runner.now();
  expect(delays.slice(0, 3).map((ms) => Math.round(ms / 1_000))).toEqual([4, 8, 16]);
  expect(Math.max(...delays)).toBeLessThanOrEqual(15 * 60_000);
});

test('a server that is busy is left alone for as long as it says', async () => {
  const { runner, delays } = running([{ type: 'slow_down', afterMs: 123_456 }]);
  await runner.now();
  expect(delays).toEqual([123_456]);
});
