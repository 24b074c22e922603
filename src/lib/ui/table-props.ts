import type { Snippet } from 'svelte';
import type { Column, Sort } from './table-columns.ts';

export interface TableProps<Row> {
  /** What the rows are, read aloud. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Name of a row for its checkbox; the first column when not given. */
  nameOf?: (row: Row) => string;
  sort?: Sort | undefined;
  onsort?: (sort: Sort | undefined) => void;
  /** Key of the row that the keyboard is on. */
  current?: string | undefined;
  /** The current row changed by J, K, arrows or a click. */
  onmove?: (row: Row) => void;
  /** Enter or a click on a row. */
  onopen?: (row: Row) => void;
  /** Shows checkboxes; `selected` keeps the chosen keys in the order of the table. */
  selectable?: boolean;
  selected?: readonly string[];
  /** Left above the table: counts and filters. Gets the rows as they are sorted. */
  summary?: Snippet<[readonly Row[]]>;
  /** Right above the table: download as CSV, copy. Gets the rows as they are sorted. */
  actions?: Snippet<[readonly Row[]]>;
  /** Stands instead of the summary while rows are chosen; gets their keys. */
  bulk?: Snippet<[readonly string[]]>;
  /** Instead of rows when there are none. */
  empty?: Snippet;
}
