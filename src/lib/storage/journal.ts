import type {
  DeviceDatabase,
  DeviceState,
  ExchangeEntry,
  ExchangeFailure,
  HistoryEvent
} from './database.ts';
import { stateOf } from './write.ts';

const mostEntries = 50;
/** A week without a connection must not push what was delivered before out of the journal. */
const mostFailures = 20;

/** Adds an exchange that was answered: the last ones that moved something, and the very last one whatever it moved. */
export function noteDelivered(
  journal: readonly ExchangeEntry[],
  entry: ExchangeEntry
): readonly ExchangeEntry[] {
  const last = journal[0];
  const idle =
    last?.result === 'delivered' &&
    last.event === undefined &&
    last.sent + last.received + last.refused === 0;
  return bounded([entry, ...(idle ? journal.slice(1) : journal)]);
}

/** The state of a device with a note of what has happened to its history; `at` device clock, UTC ms. */
export function noteEvent(state: DeviceState, event: HistoryEvent, at: number): DeviceState {
  const entry: ExchangeEntry = { at, sent: 0, received: 0, refused: 0, result: 'delivered', event };
  return { ...state, journal: [...bounded([entry, ...state.journal])] };
}

/** Keeps that an exchange failed, when and why; the same failure many times in a row is one entry that counts them. */
export async function noteFailure(
  database: DeviceDatabase,
  now: () => number,
  reason: ExchangeFailure,
  id?: string | null
): Promise<void> {
  await database.writing([], async (present) => {
    const state = stateOf(present);
    const [last, ...earlier] = state.journal;
    const again = last?.result === 'failed' && last.reason === reason ? last : undefined;
    const at = now();
    const entry: ExchangeEntry = {
      at,
      since: again?.since ?? at,
      times: (again?.times ?? 0) + 1,
      sent: 0,
      received: 0,
      refused: 0,
      result: 'failed',
      reason,
      ...(id === undefined || id === null ? {} : { id })
    };
    const journal = bounded([entry, ...(again === undefined ? state.journal : earlier)]);
    await database.meta.put({ ...state, journal: [...journal] });
  });
}

function bounded(journal: readonly ExchangeEntry[]): readonly ExchangeEntry[] {
  let failures = 0;
  return journal
    .filter(({ result }) => result === 'delivered' || (failures += 1) <= mostFailures)
    .slice(0, mostEntries);
}
