import { attendanceParts, isPresent } from '#domain/records/attendance.ts';
import { eventReasonWord, eventStateWord } from '$lib/features/events/index.ts';
import type { Desk } from '$lib/features/office/index.ts';

export interface EventLine {
  readonly id: string;
  /** Plain day of its beginning. */
  readonly date: string;
  readonly title: string;
  readonly place: string;
  /** Different people with a name who were there at any session, and the most nameless at one session. */
  readonly people: number;
  /** The state, with the reason where there is one. */
  readonly state: string;
}

/** Events of a project in the order of their days. */
export function projectEvents(desk: Desk, project: string): readonly EventLine[] {
  return desk.records
    .byParent('event', project)
    .map(({ id, values }) => ({
      id,
      date: values.from ?? '',
      title: values.title ?? '',
      place: desk.settlementName(values.settlement) || (values.venue ?? ''),
      people: peopleAt(desk, id),
      state: [
        eventStateWord(values.state ?? 'planned'),
        values.reason === undefined ? '' : eventReasonWord(values.reason)
      ]
        .filter(Boolean)
        .join(': ')
    }))
    .sort((left, right) => left.date.localeCompare(right.date, 'en'));
}

/** How many were at an event: people once whatever the number of sessions. */
export function peopleAt(desk: Desk, event: string): number {
  const people = new Set<string>();
  let nameless = 0;
  for (const session of desk.records.byParent('session', event)) {
    const present = desk.records
      .byParent('attendance', session.id)
      .filter((row) => isPresent(row.values.status));
    for (const row of present) if (row.values.nameless !== true) people.add(attendanceParts(row.id).person);
    nameless = Math.max(nameless, present.filter((row) => row.values.nameless === true).length);
  }
  return people.size + nameless;
}
