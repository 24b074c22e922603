import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyFolder, holdingErased, outdatedCopies, rotate } from './rotation.ts';

const day = 86_400_000;
const nightly = (count: number, last: number) =>
  Array.from({ length: count }, (_, index) => {
    const at = last - index * day;
    return { folder: copyFolder('/copies', at), at };
  });

test('two years of nightly copies leave the newest fourteen and the last one of each month of a year', () => {
  const copies = nightly(730, Date.UTC(2026, 10, 24, 3));
  const outdated = new Set(outdatedCopies(copies, 14));
  const kept = copies.filter((copy) => !outdated.has(copy)).map(({ folder }) => folder.slice(8, 18));
  expect(kept.slice(0, 14)).toEqual(
    nightly(14, Date.UTC(2026, 10, 24)).map(({ folder }) => folder.slice(8, 18))
  );
  expect(kept.slice(14, 16)).toEqual(['2026-10-31', '2026-09-30']);
  expect(kept.at(-1)).toBe('2025-11-30');
  expect(kept).toHaveLength(14 + 12);
});

test('the newest copy is never removed, and what remains is not thinned out again', () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 20 }), (days, keep) => {
      const copies = days
        .sort((one, two) => two - one)
        .map((number) => ({ folder: String(number), at: number * day }));
      const outdated = new Set(outdatedCopies(copies, keep));
      const kept = copies.filter((copy) => !outdated.has(copy));
      expect(kept[0]).toBe(copies[0]);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(keep, copies.length));
      expect(outdatedCopies(kept, keep)).toEqual([]);
    })
  );
});

test('copies from before an erasure go ten days after it, and never the newest one', () => {
  const copies = nightly(30, 100 * day);
  const erasedAt = [80 * day + 1];
  const held = (now: number) => holdingErased(copies, erasedAt, now).map(({ at }) => at / day);
  expect(held(90 * day)).toEqual([]);
  expect(held(91 * day)).toEqual([80, 79, 78, 77, 76, 75, 74, 73, 72, 71]);
  expect(holdingErased(copies, [200 * day], 300 * day)).toHaveLength(29);
});

test('two copies within a minute have names of their own', () => {
  const at = Date.UTC(2026, 10, 24, 3);
  expect(copyFolder('/copies', at)).toBe('/copies/2026-11-24T030000Z');
  expect(copyFolder('/copies', at + 1_000)).not.toBe(copyFolder('/copies', at));
});

test('what there is of a copy that was cut off goes after a day; one that is being made, and what is not ours, stays', () => {
  const parent = mkdtempSync(join(tmpdir(), 'zimnik-rotation-'));
  const now = Date.UTC(2026, 10, 24, 3);
  const parts = ['2026-11-22T0300Z.part', '2026-11-22T030000Z.part', '2026-11-24T025900Z.part', 'mine.part'];
  for (const [index, name] of parts.entries()) {
    mkdirSync(join(parent, name));
    const seconds = (now - (index === 2 ? 60_000 : 2 * day)) / 1_000;
    utimesSync(join(parent, name), seconds, seconds);
  }
  rotate(parent, 14, [], now);
  expect(readdirSync(parent).sort()).toEqual(['2026-11-24T025900Z.part', 'mine.part']);
  rmSync(parent, { recursive: true });
});
