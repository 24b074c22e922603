import { Dexie, liveQuery } from 'dexie';
import { createSubscriber } from 'svelte/reactivity';
import { beginReading } from './first-readings.ts';

/** What a live query shows: a screen has a sentence for each of the three. */
export type Live<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly error: unknown };

/**
 * Ends when the page has drawn what it has to: a tap is shown as stored before anything else is read because of it. Made
 * of Dexie's promise, behind which a live query still sees what is read.
 */
function laterOn(): Promise<void> {
  return new Dexie.Promise<void>((resolve) => setTimeout(resolve));
}

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
      let isFirst = true;
      const asked = (): Promise<Value> => {
        if (!isFirst) return laterOn().then(query);
        isFirst = false;
        return query();
      };
      const subscription = liveQuery(asked).subscribe(
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
