import type { IntervalTree, ObservabilitySet } from 'dexie';

/** Which rows of a table a committed transaction touched: their primary keys, or `all` where it did not say which. */
export type ChangedKeys = readonly unknown[] | 'all';

/**
 * Reads what Dexie's `storagemutated` tells of one table, in this tab or another one. Big batches and deleted ranges are
 * told as ranges: then any row may have changed.
 */
export function changedKeys(parts: ObservabilitySet, database: string, table: string): ChangedKeys {
  if ('all' in parts) return 'all';
  const name = `idb://${database}/${table}/`;
  const keys: unknown[] = [];
  return collect(parts[name], keys) && collect(parts[`${name}:dels`], keys) ? keys : 'all';
}

/** False when the tree holds more than single keys. What came from another tab is a plain object, not a RangeSet. */
function collect(tree: IntervalTree | null | undefined, keys: unknown[]): boolean {
  if (tree === null || tree === undefined || !('from' in tree)) return true;
  const { from, to, l, r } = tree;
  if (!isSameKey(from, to)) return false;
  keys.push(from);
  return collect(l, keys) && collect(r, keys);
}

function isSameKey(one: unknown, other: unknown): boolean {
  return one === other || (Array.isArray(one) && JSON.stringify(one) === JSON.stringify(other));
}
