/** Part of a long list that is drawn: rows `from` (included) to `to` (excluded). */
export interface ListWindow {
  from: number;
  to: number;
}

/**
 * The rows of one height that are seen, with a few more on both sides.
 * @param top distance scrolled, in pixels; may be negative or past the end while a list bounces.
 * @param viewport height of the visible part, in pixels.
 * @param rowHeight height of a row, in pixels, above zero.
 */
export function listWindow(
  count: number,
  top: number,
  viewport: number,
  rowHeight: number,
  spare = 8
): ListWindow {
  const first = Math.floor(Math.max(0, top) / rowHeight);
  const shown = Math.ceil(Math.max(0, viewport) / rowHeight) + 1;
  const to = Math.min(count, first + shown + spare);
  return { from: Math.max(0, Math.min(first - spare, to - shown)), to };
}

/** Where to scroll so that a row is seen whole, between a head and the bottom edge; the same place when it is. */
export function scrollFor(index: number, top: number, viewport: number, rowHeight: number, head = 0): number {
  const start = index * rowHeight;
  if (start < top) return start;
  return Math.max(top, start + rowHeight + head - viewport);
}

/** Keys of the rows between two, both included, in the order of the list. */
export function rangeBetween(keys: readonly string[], one: string, other: string): string[] {
  const [from, to] = [keys.indexOf(one), keys.indexOf(other)].sort((a, b) => a - b);
  if (from === undefined || to === undefined || from < 0) return keys.includes(other) ? [other] : [];
  return keys.slice(from, to + 1);
}
