import { lookAlikePairs, type LookAlikePair, type PersonTraits } from '#domain/names/look-alikes.ts';
import type { RecordSet } from '#domain/records/record-set.ts';

export type Pair = LookAlikePair<PersonTraits>;

let latest: { readonly of: string; readonly pairs: readonly Pair[] } | undefined;

/** Pairs of the register that may be one person and that nobody decided about, the likeliest first. */
export function undecidedPairs(records: RecordSet): readonly Pair[] {
  const aliases = records.all('alias');
  const people = [...records.all('person').values()].filter(
    (row) => aliases.get(row.id)?.values.of === undefined && row.values.erased === undefined
  );
  // Comparing a whole register costs; a mark on a sheet does not touch it.
  const of = [...people, ...aliases.values()].map((row) => `${row.id}:${row.seq}:${row.at}`).join(' ');
  if (latest?.of === of) return latest.pairs;
  const traits = people.map(({ id, values }) => ({
    id,
    surname: values.surname ?? '',
    name: values.name ?? '',
    patronymic: values.patronymic,
    settlement: values.settlement,
    phone: values.phone,
    ageBand: values.ageBand
  }));
  const differ = (left: string, right: string): boolean =>
    aliases.get(left)?.values.differs?.includes(right) === true ||
    aliases.get(right)?.values.differs?.includes(left) === true;
  const pairs = lookAlikePairs(traits).filter(({ left, right }) => !differ(left.id, right.id));
  latest = { of, pairs };
  return pairs;
}

/** Cards that were merged, with the card that stands. */
export function mergedCards(
  records: RecordSet
): readonly { readonly loser: string; readonly stands: string }[] {
  return [...records.all('alias').values()].flatMap(({ id, values }) =>
    values.of === undefined || values.kind !== 'person' ? [] : [{ loser: id, stands: values.of }]
  );
}

export interface PersonFacts {
  readonly participations: number;
  readonly consultations: number;
  readonly consents: number;
}

/** What is tied to a card, so that the fuller one can be chosen to stand. */
export function factsOf(records: RecordSet, person: string): PersonFacts {
  let participations = 0;
  for (const row of records.all('attendance').values()) {
    if (row.id.endsWith(`~${person}`) && row.values.status !== undefined && row.values.status !== 'none')
      participations += 1;
  }
  let consultations = 0;
  for (const { values } of records.all('consultation').values()) {
    if (values.person === person || values.people?.includes(person) === true) consultations += 1;
  }
  return { participations, consultations, consents: records.byParent('consent', person).length };
}
