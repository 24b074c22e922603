import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowPlaces } from './row-places.ts';

describe('lines of a list', () => {
  it('stay with their rows and pass from rows that are gone to rows that come', () => {
    const places = new RowPlaces();
    expect(places.of(['a', 'b', 'c'])).toEqual([0, 1, 2]);
    expect(places.of(['c', 'd', 'b'])).toEqual([2, 0, 1]);
    expect(places.of(['d'])).toEqual([0]);
  });

  it('are not given to another row while they hold the focus', () => {
    const places = new RowPlaces();
    places.of(['a', 'b']);
    expect(places.of(['c', 'd'], 'a')).toEqual([1, 2]);
  });

  it('are never shared, and a row that stays keeps its own', () => {
    const key = fc.constantFrom(...'abcdefgh');
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(key), { minLength: 2 }), fc.option(key), (lists, focused) => {
        const places = new RowPlaces();
        let before = new Map<string, number>();
        for (const keys of lists) {
          const given = places.of(keys, focused ?? undefined);
          expect(new Set(given).size).toBe(keys.length);
          const now = new Map(keys.map((each, index) => [each, given[index] ?? -1] as const));
          for (const [each, place] of now) expect(place).toBe(before.get(each) ?? place);
          before = now;
        }
      })
    );
  });
});
