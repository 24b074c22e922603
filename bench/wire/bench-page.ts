import type { Client } from './clients.ts';
import type { Mark } from './marks.ts';

/** What a page offers to the measurement that drives it. */
export interface BenchPage {
  /** Stores the marks in the client's own storage, as taps do; nothing is sent yet. */
  readonly store: (client: Client, marks: readonly Mark[], code: string) => Promise<void>;
  /** Sends what was stored; gives ms until the other side has confirmed all of it. */
  readonly send: () => Promise<number>;
}

/** Stores marks for a client and gives what sends them. */
export type Storing = (client: Client, marks: readonly Mark[], code: string) => Promise<() => Promise<void>>;

/** Makes the page ready to be driven. */
export function offerBench(store: Storing): void {
  let sending: () => Promise<void> = () => Promise.reject(new Error('Nothing was stored'));
  const bench: BenchPage = {
    store: async (client, marks, code) => {
      sending = await store(client, marks, code);
    },
    send: async () => {
      const startedAt = performance.now();
      await sending();
      return performance.now() - startedAt;
    }
  };
  Object.assign(globalThis, { bench });
}
