import type { SheetRow } from './queries.ts';

/** A line of the paper sheet; without a row it is an empty line for pen. */
export interface PrintLine {
  readonly number: number;
  readonly row: SheetRow | undefined;
}

/** As many lines of 9 mm stay on an A4 page in landscape between a heading of seven rows and the footer. */
export const linesOnPage = 14;
/** Empty lines for those who were not expected. */
const spareLines = 5;

/** Splits a sheet into pages; a blank sheet is filled up with empty lines to the end of its last page. */
export function sheetPages(rows: readonly SheetRow[], blank: boolean): readonly (readonly PrintLine[])[] {
  const wanted = blank ? rows.length + spareLines : Math.max(rows.length, 1);
  const total = blank ? Math.ceil(wanted / linesOnPage) * linesOnPage : wanted;
  const lines = Array.from({ length: total }, (_, index) => ({ number: index + 1, row: rows[index] }));
  return Array.from({ length: Math.ceil(total / linesOnPage) }, (_, page) =>
    lines.slice(page * linesOnPage, (page + 1) * linesOnPage)
  );
}
