import { isPresent } from '#domain/records/attendance.ts';
import type { SheetRow } from './queries.ts';

const mostSuggestions = 6;

/** Organisations of those present, the most frequent first: the likely ones of the next walk-in. */
export function organisationsOfPresent(
  rows: readonly SheetRow[]
): readonly { readonly id: string; readonly name: string }[] {
  const counts = new Map<string, { id: string; name: string; count: number }>();
  for (const row of rows) {
    if (!isPresent(row.status) || row.organisationId === undefined || row.organisation === '') continue;
    const known = counts.get(row.organisationId) ?? {
      id: row.organisationId,
      name: row.organisation,
      count: 0
    };
    counts.set(row.organisationId, { ...known, count: known.count + 1 });
  }
  return [...counts.values()].sort((left, right) => right.count - left.count).slice(0, mostSuggestions);
}
