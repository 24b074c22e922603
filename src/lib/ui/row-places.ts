/**
 * Gives every drawn row of a list a line on the screen. Lines of rows that are gone are taken for rows that come: another
 * text costs a slow tablet less than another line. The line that holds the focus is never given to another row.
 */
export class RowPlaces {
  #placeOf: ReadonlyMap<string, number> = new Map();
  #next = 0;

  /**
   * The line of each of these rows.
   * @param focused the row whose line holds the focus
   */
  of(keys: readonly string[], focused?: string): readonly number[] {
    const wanted = new Set(keys);
    const free = [...this.#placeOf]
      .filter(([key]) => !wanted.has(key) && key !== focused)
      .map(([, place]) => place)
      .reverse();
    this.#placeOf = new Map(
      keys.map((key) => [key, this.#placeOf.get(key) ?? free.pop() ?? this.#next++] as const)
    );
    return keys.map((key) => this.#placeOf.get(key) ?? 0);
  }
}
