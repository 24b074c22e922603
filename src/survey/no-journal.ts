import type { DeviceState, ExchangeEntry } from '$lib/storage/database.ts';

/** A phone shows no journal of exchanges, so it keeps none. Stands in place of `$lib/storage/journal.ts`. */
export function noteDelivered(journal: readonly ExchangeEntry[]): readonly ExchangeEntry[] {
  return journal;
}

/** The state as it is. */
export function noteEvent(state: DeviceState): DeviceState {
  return state;
}

/** Nothing is noted. */
export function noteFailure(): Promise<void> {
  return Promise.resolve();
}
