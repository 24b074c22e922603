import { peopleAt, type PeopleCount } from '#domain/indicators/event-people.ts';
import type { Standing } from '#domain/review/review-state.ts';
import { eventReasonWord, eventStateWord } from '$lib/features/events/index.ts';
import type { Desk } from '$lib/features/office/index.ts';

export interface EventLine {
  readonly id: string;
  /** Plain day of its beginning. */
  readonly date: string;
  readonly title: string;
  readonly place: string;
  /** Who is accepted. */
  readonly accepted: PeopleCount;
  /** How many more await review, with or without a name. */
  readonly awaiting: number;
  /** The state, with the reason where there is one. */
  readonly state: string;
}

const accepted: ReadonlySet<Standing> = new Set(['accepted']);
const mayBecome: ReadonlySet<Standing> = new Set(['accepted', 'awaiting']);

/** Events of a project in the order of their days. */
export function projectEvents(desk: Desk, project: string): readonly EventLine[] {
  return desk.records
    .byParent('event', project)
    .map(({ id, values }) => ({
      id,
      date: values.from ?? '',
      title: values.title ?? '',
      place: desk.settlementName(values.settlement) || (values.venue ?? ''),
      ...countsOf(desk, id),
      state: [
        eventStateWord(values.state ?? 'planned'),
        values.reason === undefined ? '' : eventReasonWord(values.reason)
      ]
        .filter(Boolean)
        .join(': ')
    }))
    .sort((left, right) => left.date.localeCompare(right.date, 'en'));
}

function countsOf(desk: Desk, event: string): Pick<EventLine, 'accepted' | 'awaiting'> {
  const counted = peopleAt(desk.records, event, accepted);
  const withAwaiting = peopleAt(desk.records, event, mayBecome);
  const awaiting = withAwaiting.people - counted.people + withAwaiting.nameless - counted.nameless;
  return { accepted: counted, awaiting };
}
