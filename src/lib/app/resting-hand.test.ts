import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RestingHand } from './resting-hand.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(delayMs: number) {
  const hand = new RestingHand();
  let begun = 0;
  const stop = hand.setTimer(() => (begun += 1), delayMs);
  return { hand, stop, begun: () => begun };
}

test('a timer ends when it was asked to where nothing is stored', () => {
  const { begun } = start(2_000);
  vi.advanceTimersByTime(1_999);
  expect(begun()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(begun()).toBe(1);
});

test('what a timer begins does not come between two quick taps', () => {
  const { hand, begun } = start(2_000);
  for (let tap = 0; tap < 30; tap += 1) {
    hand.moved();
    vi.advanceTimersByTime(100);
  }
  expect(begun()).toBe(0);
  vi.advanceTimersByTime(200);
  expect(begun()).toBe(1);
});

test('taps of a person do not put it off', () => {
  const { hand, begun } = start(2_000);
  for (let tap = 0; tap < 4; tap += 1) {
    hand.moved();
    vi.advanceTimersByTime(500);
  }
  expect(begun()).toBe(1);
});

test('what never rests puts it off for ten seconds at most', () => {
  const { hand, begun } = start(2_000);
  for (let tap = 0; tap < 130; tap += 1) {
    hand.moved();
    vi.advanceTimersByTime(100);
  }
  expect(begun()).toBe(1);
});

test('a stopped timer begins nothing, also while it waits for the hand', () => {
  const { hand, stop, begun } = start(100);
  hand.moved();
  vi.advanceTimersByTime(200);
  stop();
  vi.advanceTimersByTime(20_000);
  expect(begun()).toBe(0);
});
