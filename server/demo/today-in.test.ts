import { expect, test } from 'vitest';
import { showingZone, todayIn } from './keep-calendar.ts';

test('the day of showing changes at midnight of the centre, not of the server', () => {
  expect(todayIn(showingZone, Date.parse('2027-12-31T18:59:59.999Z'))).toBe('2027-12-31');
  expect(todayIn(showingZone, Date.parse('2027-12-31T19:00:00Z'))).toBe('2028-01-01');
  expect(todayIn(showingZone, Date.parse('2028-02-28T19:00:00Z'))).toBe('2028-02-29');
  expect(todayIn(showingZone, Date.parse('2028-02-29T19:00:00Z'))).toBe('2028-03-01');
  // No summer time: an hour after the clocks of others went forward.
  expect(todayIn(showingZone, Date.parse('2027-03-28T18:30:00Z'))).toBe('2027-03-28');
});
