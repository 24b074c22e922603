import { attendanceParts, isPresent } from '#domain/records/attendance.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import { marksOf, reviewOf, standingOf, type Standing } from '#domain/review/review-state.ts';
import { createIdentities } from './identities.ts';

/** Who was at an event: two numbers that are never one. */
export interface PeopleCount {
  /** Different people with a name, once whatever the number of sessions and of merged cards. */
  readonly people: number;
  /** The most without a name at one session: nobody knows whether they are the same at the next one. */
  readonly nameless: number;
}

/**
 * How many were at an event.
 * @param standings only marks that stand so in review; all of them unless told
 */
export function peopleAt(records: RecordSet, event: string, standings?: ReadonlySet<Standing>): PeopleCount {
  const identities = createIdentities(records);
  const people = new Set<string>();
  let nameless = 0;
  for (const session of identities.cardsOf(event).flatMap((card) => records.byParent('session', card))) {
    const review = reviewOf(records, 'sheet', session.id);
    const present = marksOf(records, session.id).filter(
      (mark) => isPresent(mark.values.status) && (standings?.has(standingOf(mark, review)) ?? true)
    );
    const named = present.filter((mark) => mark.values.nameless !== true);
    for (const mark of named) people.add(identities.resolve(attendanceParts(mark.id).person));
    nameless = Math.max(nameless, present.length - named.length);
  }
  return { people: people.size, nameless };
}
