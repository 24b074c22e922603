import { reviewId, type ReviewedType } from '#domain/records/review.ts';
import type { Values } from '#domain/records/registry.ts';
import type { DemoChange } from './batch.ts';
import { addDays } from './days.ts';
import { personId } from './people.ts';

export interface DemoSession {
  readonly id: string;
  readonly date: string;
  readonly start: string;
  readonly end: string;
}

export interface DemoEvent {
  readonly id: string;
  readonly values: Values<'event'>;
  readonly sessions: readonly DemoSession[];
}

type EventPlan = Omit<Values<'event'>, 'from' | 'to'> & {
  /** Days of the sessions after the first day, which is 0. */
  readonly days?: readonly number[];
  readonly start?: string;
  readonly end?: string;
};

/** An event with a session on each of its days. */
export function planEvent(id: string, from: string, plan: EventPlan): DemoEvent {
  const { days = [0], start = '10:00', end = '14:00', ...values } = plan;
  const sessions = days.map((day, index) => ({
    id: `${id}-${index + 1}`,
    date: addDays(from, day),
    start,
    end
  }));
  const to = addDays(from, days.at(-1) ?? 0);
  return { id, values: { ...values, from, to, hours: days.length * 4 }, sessions };
}

export function eventChanges({ id, values, sessions }: DemoEvent): readonly DemoChange[] {
  return [
    { e: 'event', k: id, set: values },
    ...sessions.map(({ id: session, date, start, end }, index): DemoChange => ({
      e: 'session',
      k: session,
      set: {
        event: id,
        number: index + 1,
        date,
        start,
        end,
        hours: 4,
        ...(values.venue === undefined ? {} : { venue: values.venue })
      }
    }))
  ];
}

export function stateChange(event: string, set: Values<'event'>): DemoChange {
  return { e: 'event', k: event, set };
}

/** People on the list before anybody marked. */
export function expectedChanges(session: string, keys: readonly string[]): readonly DemoChange[] {
  return keys.map((key) => ({
    e: 'attendance',
    k: `${session}~${personId(key)}`,
    set: { expected: true, answer: 'coming' }
  }));
}

/** One mark «Присутствует», with the signature on paper. */
export function presentChange(session: string, key: string, at: number): DemoChange {
  return {
    e: 'attendance',
    k: `${session}~${personId(key)}`,
    set: { status: 'present', at, signature: 'paper' }
  };
}

export function closeChange(session: string, at: number, present: number, onPaper = present): DemoChange {
  return {
    e: 'sheet',
    k: session,
    set: { closed: true, at, present, unmarked: 0, paperCount: onPaper }
  };
}

type Decision = 'accepted' | 'returned';

/** A coordinator's decision about everything the server has by then. */
export function reviewChange(
  type: ReviewedType,
  target: string,
  state: Decision,
  at: number,
  reason?: string
): DemoChange {
  const set: Values<'review'> = { state, at, by: 'olga', ...(reason === undefined ? {} : { reason }) };
  return { e: 'review', k: reviewId(type, target), set, upToAll: true };
}
