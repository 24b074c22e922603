import { describe, expect, it } from 'vitest';
import type { SheetRow } from './queries.ts';
import { linesOnPage, sheetPages } from './print-pages.ts';

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `s~${index}` }) as SheetRow);

describe('the sheet on paper', () => {
  it.each([0, 1, 9, 10, 14, 18, 40])(
    'keeps at least five empty lines for a pen after %i expected people',
    (count) => {
      const pages = sheetPages(people(count), true);
      expect(pages.every((page) => page.length === linesOnPage)).toBe(true);
      expect(pages.flat().filter((line) => line.row === undefined).length).toBeGreaterThanOrEqual(5);
    }
  );

  it('numbers the lines through all pages and adds none to a filled sheet', () => {
    const lines = sheetPages(people(31), false);
    expect(lines.map((page) => page.length)).toEqual([14, 14, 3]);
    expect(lines.flat().map((line) => line.number)).toEqual(
      Array.from({ length: 31 }, (_, index) => index + 1)
    );
  });
});
