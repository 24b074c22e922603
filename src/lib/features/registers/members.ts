import { splitId } from '#domain/ids.ts';
import type { RecordSet } from '#domain/records/record-set.ts';

/** People who are members of a group now: ids. */
export function membersOf(records: RecordSet, group: string): readonly string[] {
  return records
    .byParent('membership', group)
    .filter(({ values }) => values.active === true)
    .map(({ id }) => splitId(id)[1] ?? '');
}

/** Groups of which any of a person's cards is a member now: ids. */
export function groupsOf(records: RecordSet, cards: readonly string[]): readonly string[] {
  const found = [...records.all('membership').values()].filter(
    ({ id, values }) => values.active === true && cards.includes(splitId(id)[1] ?? '')
  );
  return [...new Set(found.map(({ id }) => splitId(id)[0] ?? ''))].filter(
    (id) => records.get('group', id) !== undefined
  );
}
