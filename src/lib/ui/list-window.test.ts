import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listWindow, rangeBetween, scrollFor } from './list-window.ts';

describe('the drawn part of a long list', () => {
  it('is a few dozen rows of ten thousand', () => {
    expect(listWindow(10_000, 32_000, 640, 32)).toEqual({ from: 992, to: 1029 });
  });

  it('is the whole of a short list', () => {
    expect(listWindow(5, 0, 640, 32)).toEqual({ from: 0, to: 5 });
  });

  it('always covers what is seen and never leaves the list', () => {
    const numbers = fc.tuple(
      fc.nat(20_000),
      fc.integer({ min: -200, max: 700_000 }),
      fc.nat(2000),
      fc.integer({ min: 20, max: 120 })
    );
    fc.assert(
      fc.property(numbers, ([count, top, viewport, height]) => {
        const { from, to } = listWindow(count, top, viewport, height);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(count);
        const lastTop = Math.max(0, Math.min(top, count * height - viewport));
        for (const y of [lastTop, lastTop + viewport - 1]) {
          const row = Math.floor(y / height);
          if (row < count && viewport > 0 && y >= 0) {
            expect(row).toBeGreaterThanOrEqual(from);
            expect(row).toBeLessThan(to);
          }
        }
      })
    );
  });
});

describe('scrolling to a row', () => {
  it('leaves a visible row where it is', () => {
    expect(scrollFor(12, 320, 320, 32)).toBe(320);
  });

  it('brings a row above to the top and a row below to the bottom, free of the head', () => {
    expect(scrollFor(3, 320, 320, 32)).toBe(96);
    expect(scrollFor(20, 320, 320, 32, 40)).toBe(20 * 32 + 32 + 40 - 320);
  });
});

describe('a range of rows', () => {
  const keys = ['a', 'b', 'c', 'd'];

  it('is the same in both directions', () => {
    expect(rangeBetween(keys, 'b', 'd')).toEqual(['b', 'c', 'd']);
    expect(rangeBetween(keys, 'd', 'b')).toEqual(['b', 'c', 'd']);
  });

  it('starts anew when the first row has left the list', () => {
    expect(rangeBetween(keys, 'gone', 'c')).toEqual(['c']);
    expect(rangeBetween(keys, 'gone', 'gone too')).toEqual([]);
  });
});
