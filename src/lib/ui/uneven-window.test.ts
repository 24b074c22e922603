import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowHeights, unevenWindow } from './uneven-window.ts';

describe('the drawn part of a list of uneven rows', () => {
  it('is a few rows at the beginning, with room for the rest', () => {
    const heights = Array.from({ length: 200 }, () => 80);
    expect(unevenWindow(heights, -150, 800, 160)).toEqual({ from: 0, to: 11, above: 0, below: 189 * 80 });
  });

  it('is the end of a list that has become shorter than what was scrolled', () => {
    expect(unevenWindow([50, 70, 60], 5_000, 400, 100)).toEqual({ from: 0, to: 3, above: 0, below: 0 });
    expect(
      unevenWindow(
        Array.from({ length: 40 }, () => 50),
        5_000,
        200,
        0
      )
    ).toMatchObject({ from: 36, to: 40 });
  });

  it('always covers what is seen, and its parts make up the whole', () => {
    const lists = fc.array(fc.integer({ min: 20, max: 300 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(lists, fc.integer({ min: -900, max: 60_000 }), fc.nat(2_000), (heights, top, viewport) => {
        const { from, to, above, below } = unevenWindow(heights, top, viewport, 100);
        const sum = (part: readonly number[]) => part.reduce((total, height) => total + height, 0);
        expect(above).toBe(sum(heights.slice(0, from)));
        expect(below).toBe(sum(heights.slice(to)));
        const bottom = above + sum(heights.slice(from, to));
        const seenTop = Math.max(0, Math.min(top, sum(heights) - viewport));
        expect(above).toBeLessThanOrEqual(seenTop);
        expect(bottom).toBeGreaterThanOrEqual(Math.min(sum(heights), top + viewport));
      })
    );
  });
});

it('supposes that a row never drawn is like those that were', () => {
  const heights = new RowHeights(72);
  expect(heights.of(['a', 'b'])).toEqual([72, 72]);
  heights.note('a', 60);
  heights.note('b', 100);
  expect(heights.of(['b', 'c'])).toEqual([100, 80]);
});
