import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, Values } from '#domain/records/registry.ts';

export type ConsentState = NonNullable<Values<'consent'>['state']>;

/**
 * How it stands with the consent that a person's data need: an adult's own, for a minor the parent's. The latest paper
 * of that kind decides; undefined = nobody asked yet.
 *
 * @param cards all cards of the person, when several were merged
 */
export function consentState(records: RecordSet, cards: readonly string[]): ConsentState | undefined {
  return consentOf(
    cards.flatMap((card) => records.byParent('consent', card)),
    cards.map((card) => records.get('person', card)?.values.ageBand)
  );
}

/**
 * The same from the papers themselves, for a device that reads them one by one.
 *
 * @param ageBands of all cards of the person
 */
export function consentOf(
  consents: readonly RecordRow<'consent'>[],
  ageBands: readonly Values<'person'>['ageBand'][]
): ConsentState | undefined {
  const kind = neededConsent(ageBands);
  return consents.filter((consent) => consent.values.kind === kind).toSorted(isLater)[0]?.values.state;
}

/** Whose consent is needed. Age is known by band only; where it is not known, the person's own is asked. */
export function neededConsent(ageBands: readonly Values<'person'>['ageBand'][]): 'parent' | 'processing' {
  return ageBands.some((band) => band === 'under_14' || band === '14_17') ? 'parent' : 'processing';
}

function isLater(left: RecordRow<'consent'>, right: RecordRow<'consent'>): number {
  const days = dayOf(right).localeCompare(dayOf(left), 'en');
  return days !== 0 ? days : right.at - left.at || (right.id < left.id ? -1 : 1);
}

function dayOf(consent: RecordRow<'consent'>): string {
  return consent.values.withdrawnOn ?? consent.values.date ?? '';
}
