import type { ListWindow } from './list-window.ts';

/** The drawn part of a list whose rows differ in height, with the room that the others take above and below. */
export interface UnevenWindow extends ListWindow {
  /** Height of the rows that are not drawn, in pixels. */
  above: number;
  below: number;
}

/**
 * The rows that are seen, with those within `spare` pixels on both sides.
 * @param heights heights of all rows, in pixels: measured where a row has been drawn, supposed elsewhere.
 * @param top distance scrolled past the beginning of the list, in pixels; negative above it, past the end when the list
 *   has become shorter.
 * @param viewport height of the visible part, in pixels.
 */
export function unevenWindow(
  heights: readonly number[],
  top: number,
  viewport: number,
  spare: number
): UnevenWindow {
  const whole = heights.reduce((sum, height) => sum + height, 0);
  const seenFrom = Math.min(top, whole - viewport) - spare;
  const seenTo = top + viewport + spare;
  let from = 0;
  let above = 0;
  while (from < heights.length && above + (heights[from] ?? 0) <= seenFrom) above += heights[from++] ?? 0;
  let to = from;
  let reached = above;
  while (to < heights.length && reached < seenTo) reached += heights[to++] ?? 0;
  return { from, to, above, below: whole - reached };
}

/** Heights of rows by their keys: as measured, and for rows that have never been drawn the mean of the others. */
export class RowHeights {
  readonly #measured = new Map<string, number>();
  readonly #supposed: number;

  constructor(supposed: number) {
    this.#supposed = supposed;
  }

  note(key: string, height: number): void {
    this.#measured.set(key, height);
  }

  of(keys: readonly string[]): readonly number[] {
    const known = [...this.#measured.values()];
    const mean = known.reduce((sum, height) => sum + height, 0) / known.length || this.#supposed;
    return keys.map((key) => this.#measured.get(key) ?? mean);
  }
}
