import { expect, test } from 'vitest';
import { PushHealth } from './push-health.ts';

const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });

test('a push that met a full disk is told until one gets through, or for a minute after which nobody knows', () => {
  let now = 1_000_000;
  const health = new PushHealth(() => now);
  expect(health.trouble).toBeUndefined();
  health.failed(full);
  now += 59_000;
  expect(health.trouble).toBe('SQLITE_FULL');
  health.succeeded();
  expect(health.trouble).toBeUndefined();
  health.failed(full);
  now += 61_000;
  expect(health.trouble).toBeUndefined();
});

test('an error of one operation says nothing of the disk', () => {
  const health = new PushHealth(() => 0);
  health.failed(new Error('UNIQUE constraint failed'));
  expect(health.trouble).toBeUndefined();
});
