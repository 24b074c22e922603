import type { Client } from './clients.ts';
import type { Mark } from './marks.ts';

/** What a page offers to the measurement that drives it. */
export interface BenchPage {
  /** Stores the marks in the client's own storage; nothing is sent yet. */
  readonly store: (client: Client, marks: readonly Mark[], code: string) => Promise<void>;
  /** Sends what was stored; gives ms until the other side has confirmed all of it. */
  readonly send: () => Promise<number>;
  /** Changes the first marks of those that were stored; nothing is sent yet. */
  readonly change: (count: number) => Promise<void>;
  /** Sends and receives until both sides are equal; gives ms. */
  readonly exchange: () => Promise<number>;
}

/** What a client does with the marks that it has stored. */
export interface Stored {
  readonly send: () => Promise<void>;
  /** Absent where a client only sends. */
  readonly change?: (count: number) => Promise<void>;
  readonly exchange?: () => Promise<void>;
}

/** Stores marks for a client and gives what it can do with them. */
export type Storing = (client: Client, marks: readonly Mark[], code: string) => Promise<Stored>;

/** Makes the page ready to be driven. */
export function offerBench(store: Storing): void {
  const unable = (): Promise<void> => Promise.reject(new Error('This client stores nothing or only sends'));
  let stored: Stored = { send: unable };
  const bench: BenchPage = {
    store: async (client, marks, code) => {
      stored = await store(client, marks, code);
    },
    send: () => timed(stored.send),
    change: (count) => (stored.change ?? unable)(count),
    exchange: () => timed(stored.exchange ?? unable)
  };
  Object.assign(globalThis, { bench });
}

async function timed(act: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}
