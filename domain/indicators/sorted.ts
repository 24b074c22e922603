/**
 * A sorted list after those of some keys have gone from it and others have come, without looking at all of it. What sorts an
 * item tells it from every other one.
 */
export function replaced<Key, Item extends Key>(
  items: readonly Item[],
  gone: Iterable<Key>,
  come: readonly Item[],
  order: (left: Key, right: Key) => number
): readonly Item[] {
  if (items.length === 0) return come.toSorted(order);
  const list = [...items];
  for (const key of gone) if (holds(list, key, order)) list.splice(placeOf(list, key, order), 1);
  for (const item of come) list.splice(placeOf(list, item, order), 0, item);
  return list;
}

/** Whether a sorted list has the item of this key. */
export function holds<Key>(
  items: readonly Key[],
  key: Key,
  order: (left: Key, right: Key) => number
): boolean {
  const item = items[placeOf(items, key, order)];
  return item !== undefined && order(item, key) === 0;
}

/** Where the first item stands that does not come before the key. */
function placeOf<Key>(items: readonly Key[], key: Key, order: (left: Key, right: Key) => number): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const item = items[middle];
    if (item !== undefined && order(item, key) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
