import { expect, test } from 'vitest';
import { mulberry32 } from './mulberry32.ts';

test('a seed gives the numbers that it always gave: recorded schedules and the demonstration rest on them', () => {
  const next = mulberry32(1);
  expect([next(), next(), next()]).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  expect(mulberry32(-1)()).toBe(mulberry32(2 ** 32 - 1)());
});
