import { liveQuery } from 'dexie';
import { createSubscriber } from 'svelte/reactivity';
import { beginReading } from './first-readings.ts';

/** What a live query shows: a screen has a sentence for each of the three. */
export type Live<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly error: unknown };

/**
 * A query over the local database that redraws its readers whenever what it read changes, in any tab. Make it in a
 * `$derived` with its parameters as arguments, so that a new parameter makes a new query.
 */
export class LiveQuery<Value> {
  #latest: Live<Value> = { state: 'loading' };
  readonly #subscribe: () => void;

  constructor(query: () => Promise<Value>) {
    this.#subscribe = createSubscriber((update) => {
      const isHere = beginReading();
      const keep = (latest: Live<Value>): void => {
        isHere();
        this.#latest = latest;
        update();
      };
      const subscription = liveQuery(query).subscribe(
        (value) => keep({ state: 'ready', value }),
        (error: unknown) => keep({ state: 'failed', error })
      );
      return () => {
        isHere();
        subscription.unsubscribe();
      };
    });
  }

  /** The latest state; reading it in markup or `$derived` keeps the query alive. */
  get current(): Live<Value> {
    this.#subscribe();
    return this.#latest;
  }

  /** The value, or undefined while there is none yet. Throws the query's error, for the top screen to show. */
  get value(): Value | undefined {
    const latest = this.current;
    if (latest.state === 'failed') throw latest.error;
    return latest.state === 'ready' ? latest.value : undefined;
  }
}
