import type { RecordSet } from '#domain/records/record-set.ts';

/** Which card stands for a record after merging. Total: every id has exactly one answer. */
export interface Identities {
  /** The id that stands; the id itself when it was never merged. */
  readonly resolve: (id: string) => string;
  /** All ids that were merged with this one, itself included, in order. */
  readonly cardsOf: (id: string) => readonly string[];
}

/**
 * Folds the aliases into groups. The standing card of a group is the one that is alias of nothing; where aliases run in
 * a circle, or that card is not there, the smallest id with a card stands, so every device gives the same answer.
 */
export function createIdentities(records: RecordSet): Identities {
  const next = new Map<string, string>();
  for (const row of records.all('alias').values()) {
    if (row.values.of !== undefined && row.values.of !== row.id) next.set(row.id, row.values.of);
  }
  const groups = joinedGroups(next);
  const standing = new Map<string, string>();
  for (const group of new Set(groups.values())) {
    const ends = group.filter((id) => !next.has(id) && hasCard(records, id));
    const stands = ends[0] ?? group.find((id) => hasCard(records, id)) ?? group[0];
    if (stands !== undefined) for (const id of group) standing.set(id, stands);
  }
  return {
    resolve: (id) => standing.get(id) ?? id,
    cardsOf: (id) => groups.get(id) ?? [id]
  };
}

/** Connected groups of pairs: every id → its whole group, sorted. */
export function joinedGroups(
  pairs: Iterable<readonly [string, string]>
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [left, right] of pairs) {
    const one = groups.get(left) ?? [left];
    const other = groups.get(right) ?? [right];
    const joined = one === other ? one : [...one, ...other];
    for (const id of joined) groups.set(id, joined);
  }
  for (const group of new Set(groups.values())) group.sort(byId);
  return groups;
}

/** Order of ids by code units, the same on every device and in every language. */
export function byId(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function hasCard(records: RecordSet, id: string): boolean {
  return (
    records.get('person', id) !== undefined ||
    records.get('organisation', id) !== undefined ||
    records.get('event', id) !== undefined
  );
}
