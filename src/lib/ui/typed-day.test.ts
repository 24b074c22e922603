import { describe, expect, it } from 'vitest';
import { readTypedDay, showTypedDay } from './typed-day.ts';

describe('a typed date', () => {
  it.each([
    ['23.11.2026', '2026-11-23'],
    ['3.1.26', '2026-01-03'],
    [' 3 11 2026 ', '2026-11-03'],
    ['23/11/2026', '2026-11-23'],
    ['23112026', '2026-11-23'],
    ['2026-11-23', '2026-11-23'],
    ['29.02.2028', '2028-02-29']
  ])('%s is read as %s', (typed, iso) => {
    expect(readTypedDay(typed)).toBe(iso);
  });

  it.each(['', '31.04.2026', '29.02.2027', '11.23.2026', '23.11', 'завтра', '2026-13-01'])(
    '«%s» is no day',
    (typed) => {
      expect(readTypedDay(typed)).toBeUndefined();
    }
  );

  it('is shown the day first', () => {
    expect(showTypedDay('2026-01-03')).toBe('03.01.2026');
    expect(showTypedDay('3 янв')).toBe('3 янв');
  });
});
