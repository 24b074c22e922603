import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, Values } from '#domain/records/registry.ts';

type ConsentKind = NonNullable<Values<'consent'>['kind']>;
export type ConsentState = NonNullable<Values<'consent'>['state']>;

/**
 * How it stands with the consent that a person's data need: an adult's own, for a minor the parent's. The latest paper
 * of that kind decides; undefined = nobody asked yet.
 *
 * @param cards all cards of the person, when several were merged
 */
export function consentState(records: RecordSet, cards: readonly string[]): ConsentState | undefined {
  const kind = neededConsent(records, cards);
  return cards
    .flatMap((card) => records.byParent('consent', card))
    .filter((consent) => consent.values.kind === kind)
    .toSorted(isLater)[0]?.values.state;
}

/** Whose consent is needed. Age is known by band only; where it is not known, the person's own is asked. */
function neededConsent(records: RecordSet, cards: readonly string[]): ConsentKind {
  const isMinor = cards.some((card) => {
    const band = records.get('person', card)?.values.ageBand;
    return band === 'under_14' || band === '14_17';
  });
  return isMinor ? 'parent' : 'processing';
}

function isLater(left: RecordRow<'consent'>, right: RecordRow<'consent'>): number {
  const days = dayOf(right).localeCompare(dayOf(left), 'en');
  return days !== 0 ? days : right.at - left.at || (right.id < left.id ? -1 : 1);
}

function dayOf(consent: RecordRow<'consent'>): string {
  return consent.values.withdrawnOn ?? consent.values.date ?? '';
}
