import type { Snippet } from 'svelte';

/** One column of a table. */
export interface Column<Row> {
  key: string;
  label: string;
  /** What the cell says as text; also what goes into exported tables. */
  text: (row: Row) => string;
  /** Richer contents than the text. */
  cell?: Snippet<[Row]>;
  /** The value that orders rows; a column without it can't be sorted. Undefined goes last both ways. */
  order?: (row: Row) => string | number | undefined;
  /** Figures: set to the right in digits of one width. */
  numeric?: boolean;
  /** A number that people read as one word, as a telephone: on paper and as a card it is not broken at its hyphens. */
  unbroken?: boolean;
  /** Long texts take more lines; the rows of such a table are all drawn, so it is for short ones. */
  wrap?: boolean;
  /** Names the row where rows are cards; the first column unless one says so. */
  heading?: boolean;
  /** Buttons and no data: stays out of exported tables. */
  action?: boolean;
  /** Any CSS width; without it the browser shares the rest. */
  width?: string;
}

export interface Sort {
  key: string;
  direction: 'ascending' | 'descending';
}

/** Columns that share what is left get at least so much; the first one holds names. */
const leastName = '14rem';
const leastShare = '9rem';
/** The column of the checkboxes. */
const leastTick = '2.75rem';

/** Width of the table's box, in rem, below which rows are drawn as cards: a name and one more column would not fit. */
export const cardsBelowRem = 30;

/** The width below which a table is scrolled sideways inside its box: its heads would stand on each other. Any CSS length. */
export function leastWidth(columns: readonly { readonly width?: string }[], selectable: boolean): string {
  const isShare = (width: string | undefined): boolean => width?.endsWith('%') === true;
  const least = (width: string | undefined, index: number): string => {
    if (width !== undefined && !isShare(width)) return width;
    return index === 0 ? leastName : leastShare;
  };
  const tick = selectable ? [leastTick] : [];
  const all = [...tick, ...columns.map(({ width }, index) => least(width, index))];
  const others = columns.flatMap(({ width }, index) => (isShare(width) ? [] : [least(width, index)]));
  const share = columns.reduce(
    (sum, { width = '' }) => sum + (isShare(width) ? Number.parseFloat(width) / 100 : 0),
    0
  );
  if (share === 0) return `calc(${all.join(' + ')})`;
  // What the shares leave has to hold the other columns.
  const left = Math.round((1 - share) * 100) / 100;
  return `max(${all.join(' + ')}, (${[...tick, ...others].join(' + ')}) / ${left})`;
}

const russian = new Intl.Collator('ru', { numeric: true, sensitivity: 'base' });

/** Rows in the order that the head asks for; equal ones keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | undefined
): readonly Row[] {
  const order = columns.find((column) => column.key === sort?.key)?.order;
  if (!sort || !order) return rows;
  const sign = sort.direction === 'ascending' ? 1 : -1;
  return [...rows].sort((left, right) => {
    const [a, b] = [order(left), order(right)];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : russian.compare(`${a}`, `${b}`));
  });
}

/** The next state of a sortable head: ascending, descending, the list's own order. */
export function nextSort(key: string, sort: Sort | undefined): Sort | undefined {
  if (sort?.key !== key) return { key, direction: 'ascending' };
  return sort.direction === 'ascending' ? { key, direction: 'descending' } : undefined;
}

/** The table as it is seen, for a spreadsheet or the clipboard: a line of heads, then lines of texts. */
export function tableTexts<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[][] {
  const told = columns.filter((column) => column.action !== true);
  return [told.map((column) => column.label), ...rows.map((row) => told.map((column) => column.text(row)))];
}
