import { describe, expect, it } from 'vitest';
import { readTypedTime } from './typed-time.ts';

describe('a typed time of day', () => {
  it.each([
    ['9:05', '09:05'],
    ['9.05', '09:05'],
    ['14 30', '14:30'],
    ['0905', '09:05'],
    ['905', '09:05'],
    [' 9 ', '09:00'],
    ['23:59', '23:59']
  ])('«%s» is read as %s', (typed, time) => {
    expect(readTypedTime(typed)).toBe(time);
  });

  it.each(['', '24:00', '12:60', 'утром', '9:5', '12:30:00'])('«%s» is no time', (typed) => {
    expect(readTypedTime(typed)).toBeUndefined();
  });
});
