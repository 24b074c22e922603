import type { ExchangeLimits, ExchangeResult } from './exchange.ts';

/** What the person is told about the exchange right now. */
export type RunnerStatus =
  | { readonly type: 'idle' }
  | { readonly type: 'sending' }
  /** The last try failed; the next one is at `nextAt` (device clock, UTC ms). */
  | { readonly type: 'waiting'; readonly result: ExchangeResult; readonly nextAt: number };

export interface RunnerOptions {
  readonly exchange: (limits: ExchangeLimits) => Promise<ExchangeResult>;
  /** Runs the cycle alone among the tabs of this database; correctness does not depend on it (I27). */
  readonly alone: <Value>(cycle: () => Promise<Value>) => Promise<Value>;
  readonly now: () => number;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly setTimer: (callback: () => void, delayMs: number) => () => void;
  readonly onStatus: (status: RunnerStatus) => void;
  /** A bug or broken storage, not a lost network: shown by the top screen. */
  readonly onError: (error: unknown) => void;
}

export interface SyncRunner {
  /**
   * Something was written: exchange after a short pause that gathers taps. Without a network every tap must not gather
   * and pack all that waits again: then the next try comes a little earlier at most.
   */
  readonly nudge: () => void;
  /** Exchange at once: start, tap, network back, poke. */
  readonly now: () => Promise<void>;
  readonly stop: () => void;
}

const gatherMs = 2_000;
/** After a failed try something new is not tried sooner. */
const writtenRetryMs = 10_000;
const firstRetryMs = 2_000;
const longestRetryMs = 15 * 60_000;
/** A quiet device looks for news this often. */
const quietMs = 5 * 60_000;

const smallestBatch = 8_000;
const firstBatch = 200_000;
const largestBatch = 4_000_000;
/** How a body that this link, a proxy or the server does not take may end. */
const mayBeTooLarge: readonly ExchangeResult['type'][] = [
  'no_network',
  'foreign_answer',
  'unavailable',
  'refused'
];
/** A link that carries a batch in less time is offered a larger one. */
const quickMs = 3_000;

/**
 * Decides when to exchange: after writes, at start, when the network or the tab comes back, at a tap, at a poke and on a
 * timer with backoff and full jitter. Loops end for lack of progress, never by count (I26).
 */
export function createSyncRunner(options: RunnerOptions): SyncRunner {
  let stopped = false;
  let failures = 0;
  let batchLength = firstBatch;
  let cancelTimer: () => void = () => undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let nudged = false;
  /** Device clock, UTC ms: when the timer ends. */
  let dueAt = Infinity;

  function schedule(delayMs: number): void {
    cancelTimer();
    if (stopped) return;
    dueAt = options.now() + delayMs;
    cancelTimer = options.setTimer(() => void now(), delayMs);
  }

  function nudge(): void {
    if (running !== undefined) {
      nudged = true;
      return;
    }
    const delayMs = failures > 0 ? writtenRetryMs : gatherMs;
    const remaining = dueAt - options.now();
    // A clock that was set makes the remaining time nonsense: then the timer begins anew.
    if (remaining > delayMs || remaining < 0) schedule(delayMs);
  }

  async function now(): Promise<void> {
    if (running !== undefined) {
      again = true;
      return running;
    }
    cancelTimer();
    running = run().finally(() => {
      running = undefined;
    });
    await running;
    if (again && !stopped) schedule(0);
    else if (nudged) nudge();
    again = false;
    nudged = false;
  }

  async function run(): Promise<void> {
    options.onStatus({ type: 'sending' });
    try {
      const result = await options.alone(cycle);
      if (stopped) return;
      if (result.type === 'done' || result.type === 'read_only') {
        failures = 0;
        options.onStatus({ type: 'idle' });
        schedule(quietMs);
      } else {
        failures += 1;
        const delayMs = retryDelay(result);
        options.onStatus({ type: 'waiting', result, nextAt: options.now() + delayMs });
        schedule(delayMs);
      }
    } catch (error) {
      options.onError(error);
      failures += 1;
      options.onStatus({ type: 'idle' });
      schedule(backoff());
    }
  }

  /** Exchanges until there is nothing more to send or to receive, or a try made no progress. */
  async function cycle(): Promise<ExchangeResult> {
    for (;;) {
      const startedAt = options.now();
      const result = await options.exchange({ batchLength, maxBytes: Math.max(60_000, batchLength) });
      // It may go in smaller parts.
      if (mayBeTooLarge.includes(result.type)) {
        batchLength = Math.max(smallestBatch, Math.floor(batchLength / 2));
        return result;
      }
      if (options.now() - startedAt < quickMs) batchLength = Math.min(largestBatch, batchLength * 2);
      const progress = result.type === 'history_changed' || (result.type === 'done' && result.more);
      if (!progress || stopped) return result;
    }
  }

  function retryDelay(result: ExchangeResult): number {
    return result.type === 'slow_down' ? result.afterMs : backoff();
  }

  function backoff(): number {
    const ceiling = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 12));
    return Math.max(1_000, Math.floor(options.random() * ceiling));
  }

  return {
    nudge,
    now,
    stop: () => {
      stopped = true;
      cancelTimer();
    }
  };
}
