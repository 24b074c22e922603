import { attendanceParts, isPresent } from '#domain/records/attendance.ts';
import { createIdentities, type Identities } from '#domain/indicators/identities.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { consentState, type ConsentState } from '#domain/review/consent-state.ts';

/** What the register shows beside a name. */
export interface PersonLine {
  readonly row: RecordRow<'person'>;
  readonly participations: number;
  readonly consent: ConsentState | undefined;
}

/** The register: standing cards that were not erased, with what all cards of each person add up to. */
export function personLines(records: RecordSet): readonly PersonLine[] {
  const identities = createIdentities(records);
  const counts = new Map<string, number>();
  for (const mark of records.all('attendance').values()) {
    if (!isPresent(mark.values.status) || mark.values.nameless === true) continue;
    const person = identities.resolve(attendanceParts(mark.id).person);
    counts.set(person, (counts.get(person) ?? 0) + 1);
  }
  return [...records.all('person').values()]
    .filter((row) => identities.resolve(row.id) === row.id && row.values.erased === undefined)
    .map((row) => ({
      row,
      participations: counts.get(row.id) ?? 0,
      consent: consentState(records, identities.cardsOf(row.id))
    }));
}

export interface Participation {
  readonly mark: RecordRow<'attendance'>;
  readonly session: string;
  readonly event: string;
  readonly date: string;
}

/** Sessions at which a person was expected or marked, latest first, under any of the person's cards. */
export function participationsOf(
  records: RecordSet,
  identities: Identities,
  person: string
): readonly Participation[] {
  const cards = new Set(identities.cardsOf(person));
  return [...records.all('attendance').values()]
    .filter((mark) => mark.values.nameless !== true && cards.has(attendanceParts(mark.id).person))
    .map((mark) => {
      const { session } = attendanceParts(mark.id);
      const values = records.get('session', session)?.values ?? {};
      const event = values.event === undefined ? undefined : records.get('event', values.event);
      return { mark, session, event: event?.values.title ?? '', date: values.date ?? '' };
    })
    .sort((left, right) => right.date.localeCompare(left.date, 'en'));
}

/** Consultations for a person or with that person present, latest first. */
export function consultationsOf(
  records: RecordSet,
  belongs: (row: RecordRow<'consultation'>) => boolean
): readonly RecordRow<'consultation'>[] {
  return [...records.all('consultation').values()]
    .filter(belongs)
    .sort((left, right) => (right.values.date ?? '').localeCompare(left.values.date ?? '', 'en'));
}
