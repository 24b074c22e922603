import { expect, test } from 'vitest';
import { lateDays } from './late-days.ts';

const today = '2026-11-24';

test('a line of the plan is late by the days from its planned end to its actual one, or to today', () => {
  expect(lateDays({ plannedTo: '2026-11-10', actualTo: '2026-11-13', state: 'done' }, today)).toBe(3);
  expect(lateDays({ plannedTo: '2026-11-20', state: 'running' }, today)).toBe(4);
  expect(lateDays({ plannedFrom: '2026-11-20', state: 'planned' }, today)).toBe(4);
});

test('what ended in time, lies ahead, was cancelled or has no plan is not late', () => {
  expect(lateDays({ plannedTo: '2026-11-20', actualTo: '2026-11-19', state: 'done' }, today)).toBe(0);
  expect(lateDays({ plannedTo: '2026-11-20', state: 'done' }, today)).toBe(0);
  expect(lateDays({ plannedTo: '2026-12-20', state: 'planned' }, today)).toBe(0);
  expect(lateDays({ plannedTo: '2026-11-01', state: 'cancelled' }, today)).toBe(0);
  expect(lateDays({}, today)).toBe(0);
});
