import { describe, expect, it } from 'vitest';
import type { ExchangeResult } from './exchange.ts';
import { createSyncRunner } from './runner.ts';

const delivered: ExchangeResult = {
  type: 'done',
  applied: { result: 'applied', settled: 0, refused: 0, received: 0, mismatches: [] },
  more: false
};

/** A runner on a clock of its own; `wait` lets time pass and runs what is due. */
function start(answers: { network: boolean }) {
  let time = 1_764_000_000_000;
  let timer: { at: number; callback: () => void } | undefined;
  const tries: number[] = [];
  const begun = time;
  const runner = createSyncRunner({
    exchange: () => {
      tries.push(time - begun);
      return Promise.resolve(answers.network ? delivered : { type: 'no_network' });
    },
    alone: (cycle) => cycle(),
    now: () => time,
    random: () => 0.999,
    setTimer: (callback, delayMs) => {
      const mine = { at: time + delayMs, callback };
      timer = mine;
      return () => {
        if (timer === mine) timer = undefined;
      };
    },
    onStatus: () => undefined,
    onError: (error) => {
      throw error;
    }
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    runner,
    tries,
    wait: async (ms: number) => {
      for (const end = time + ms; time < end;) {
        time = Math.min(end, timer === undefined ? end : Math.max(time, timer.at));
        if (timer === undefined || timer.at > time) continue;
        const { callback } = timer;
        timer = undefined;
        callback();
        await settle();
      }
    }
  };
}

describe('after a write', () => {
  it('exchanges within two seconds however many taps follow', async () => {
    const { runner, tries, wait } = start({ network: true });
    await runner.now();
    for (let tap = 0; tap < 10; tap += 1) {
      runner.nudge();
      await wait(500);
    }
    expect(tries).toEqual([0, 2_000, 4_000]);
  });

  it('tries seldom without a network, however many taps follow', async () => {
    const { runner, tries, wait } = start({ network: false });
    await runner.now();
    for (let tap = 0; tap < 120; tap += 1) {
      runner.nudge();
      await wait(500);
    }
    expect(tries.length).toBeLessThanOrEqual(9);
    // And yet new work shortens the long pauses.
    expect(Math.max(...tries.map((at, index) => at - (tries[index - 1] ?? 0)))).toBeLessThanOrEqual(10_500);
  });

  it('waits its turn when it comes while an exchange runs', async () => {
    const answers = { network: true };
    const { runner, tries, wait } = start(answers);
    const running = runner.now();
    runner.nudge();
    await running;
    await wait(1_900);
    expect(tries).toEqual([0]);
    await wait(200);
    expect(tries).toEqual([0, 2_000]);
  });
});
