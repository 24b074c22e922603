import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

/** A server whose time passes only as its timers tell: each exchange costs so many ms. */
class TestServer {
  now = 0;
  /** The longest time from arrival to the end among those that were let in, ms. */
  longest = 0;
  /** How many times somebody was sent away. */
  later = 0;
  readonly turns: Turns;
  readonly #costMs: number;
  /** Latest first. */
  readonly #timers: { readonly at: number; readonly run: () => void }[] = [];

  constructor(costMs: number, atOnce = 1) {
    this.#costMs = costMs;
    this.turns = new Turns({
      atOnce,
      mono: () => this.now,
      random: () => 0.5,
      afterOthers: (callback) => this.in(0, callback)
    });
  }

  in(ms: number, run: () => void): void {
    const at = this.now + ms;
    const place = this.#timers.findLastIndex((timer) => timer.at > at);
    this.#timers.splice(place + 1, 0, { at, run });
  }

  /** Runs until nothing is left to do, or until `end`, ms. */
  async run(end = Infinity): Promise<void> {
    for (;;) {
      for (let settled = 0; settled < 5; settled++) await Promise.resolve();
      const next = this.#timers.at(-1);
      if (next === undefined || next.at > end) return;
      this.#timers.pop();
      this.now = next.at;
      next.run();
    }
  }

  /** One exchange, which comes back as it is told to; calls back when it is through. */
  exchange(device: string, through: (tries: number) => void = () => undefined, tries = 1): void {
    const cameAt = this.now;
    void this.turns.take(device).then((turn) => {
      if (turn.kind === 'later') {
        this.later += 1;
        this.in(turn.afterMs, () => this.exchange(device, through, tries + 1));
        return;
      }
      this.in(this.#costMs, () => {
        turn.end();
        this.longest = Math.max(this.longest, this.now - cameAt);
        through(tries);
      });
    });
  }
}

test('exchanges run one after another in the order in which they came', async () => {
  const server = new TestServer(10);
  const order: string[] = [];
  for (const device of ['a', 'b', 'c']) server.exchange(device, () => order.push(`${device} ${server.now}`));
  await server.run();
  expect(order).toEqual(['a 10', 'b 20', 'c 30']);
  expect(server.turns.length).toBe(0);
});

test('on a database that allows it, several run side by side', async () => {
  const server = new TestServer(10, 2);
  const ended: number[] = [];
  for (const device of ['a', 'b', 'c', 'd']) server.exchange(device, () => ended.push(server.now));
  await server.run();
  expect(ended).toEqual([10, 10, 20, 20]);
});

test('a thousand devices at once: nobody waits long, everybody gets through, and the server never stands idle', async () => {
  const server = new TestServer(15);
  const tries: number[] = [];
  for (let index = 0; index < 1_000; index++)
    server.in(index * 5, () => server.exchange(`tablet-${index}`, (count) => tries.push(count)));
  await server.run();
  expect(tries).toHaveLength(1_000);
  expect(server.longest).toBeLessThan(1_200);
  // 15 s of work at best.
  expect(server.now).toBeLessThan(17_000);
  expect(Math.max(...tries)).toBeLessThanOrEqual(3);
  expect(server.later).toBeGreaterThan(500);
});

test('who was sent away gets through although newcomers go on coming faster than the server can', async () => {
  const server = new TestServer(20);
  const waited = new Map<string, number>();
  for (let index = 0; index < 4_000; index++)
    server.in(index * 10, () => {
      const cameAt = server.now;
      server.exchange(`tablet-${index}`, () => waited.set(`tablet-${index}`, server.now - cameAt));
    });
  // Twice of what it can do, for forty seconds: what came in the first ten seconds is through long before its end.
  await server.run(40_000);
  const early = Array.from({ length: 1_000 }, (_, index) => waited.get(`tablet-${index}`) ?? Infinity);
  expect(Math.max(...early)).toBeLessThan(30_000);
  expect(server.longest).toBeLessThan(1_500);
  await server.run();
  expect(waited.size).toBe(4_000);
});

test('who comes before its time keeps the appointment; an impatient one wins nothing and loses nothing', async () => {
  const server = new TestServer(100);
  for (let index = 0; index < 30; index++) void server.turns.take(`busy-${index}`);
  const first = await server.turns.take('tablet');
  server.now += 400;
  const again = await server.turns.take('tablet');
  if (first.kind !== 'later' || again.kind !== 'later') throw new Error('there was room');
  expect(again.afterMs).toBeLessThanOrEqual(first.afterMs);
});

test('a few are let in however slow the last exchanges were, so that the estimate mends', async () => {
  const server = new TestServer(60_000);
  server.exchange('slow');
  await server.run();
  for (const device of ['a', 'b', 'c', 'd']) server.exchange(device);
  await server.run(server.now);
  expect(server.later).toBe(0);
  server.exchange('e');
  await server.run(server.now);
  expect(server.later).toBe(1);
});
