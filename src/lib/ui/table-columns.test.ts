import { describe, expect, it } from 'vitest';
import { leastWidth, nextSort, sortRows, tableTexts, type Column } from './table-columns.ts';

interface Person {
  name: string;
  visits?: number;
}

const columns: Column<Person>[] = [
  { key: 'name', label: 'Имя', text: (row) => row.name, order: (row) => row.name },
  {
    key: 'visits',
    label: 'Участий',
    text: (row) => `${row.visits ?? ''}`,
    order: (row) => row.visits,
    numeric: true
  },
  { key: 'note', label: 'Заметка', text: () => '' }
];
const rows: Person[] = [
  { name: 'Ярославцев', visits: 2 },
  { name: 'Ёлкина', visits: 10 },
  { name: 'Жуков' },
  { name: 'елизарова', visits: 1 }
];
const names = (sorted: readonly Person[]) => sorted.map((row) => row.name);

describe('rows of a table', () => {
  it('go by the Russian alphabet whatever the case', () => {
    expect(names(sortRows(rows, columns, { key: 'name', direction: 'ascending' }))).toEqual([
      'елизарова',
      'Ёлкина',
      'Жуков',
      'Ярославцев'
    ]);
  });

  it('go by number and keep the unknown last in both directions', () => {
    expect(names(sortRows(rows, columns, { key: 'visits', direction: 'ascending' })).at(-1)).toBe('Жуков');
    expect(names(sortRows(rows, columns, { key: 'visits', direction: 'descending' }))).toEqual([
      'Ёлкина',
      'Ярославцев',
      'елизарова',
      'Жуков'
    ]);
  });

  it('stay as they came without a sort or by a column that has no order', () => {
    expect(sortRows(rows, columns, undefined)).toBe(rows);
    expect(sortRows(rows, columns, { key: 'note', direction: 'ascending' })).toBe(rows);
  });

  it('leave as a head and lines of text', () => {
    expect(tableTexts(rows.slice(2, 3), columns)).toEqual([
      ['Имя', 'Участий', 'Заметка'],
      ['Жуков', '', '']
    ]);
  });
});

it('a head goes from ascending to descending and back to the own order of the list', () => {
  const once = nextSort('name', undefined);
  const twice = nextSort('name', once);
  expect([once?.direction, twice?.direction, nextSort('name', twice)]).toEqual([
    'ascending',
    'descending',
    undefined
  ]);
  expect(nextSort('visits', twice)).toEqual({ key: 'visits', direction: 'ascending' });
});

describe('the least width of a table', () => {
  it('gives columns without a width of their own room for a name', () => {
    expect(leastWidth([{ width: '8rem' }, {}, {}], false)).toBe('calc(8rem + 9rem + 9rem)');
  });

  it('leaves the other columns their room beside a share of the whole', () => {
    expect(leastWidth([{ width: '8rem' }, {}, { width: '30%' }], false)).toBe(
      'max(8rem + 9rem + 9rem, (8rem + 9rem) / 0.7)'
    );
  });

  it('counts the column of the checkboxes', () => {
    expect(leastWidth([{}, {}], true)).toBe('calc(2.75rem + 14rem + 9rem)');
  });
});
