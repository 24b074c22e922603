import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readLabel } from './copy-label.ts';

/** Copies that the server makes by itself are folders with names like `2026-11-24T030000Z`; older ones have no seconds. */
const copyName = /^\d{4}-\d{2}-\d{2}T\d{4}(?:\d{2})?Z$/;
/** What there is of a copy that was cut off; one that is being made is younger, ms. */
const cutOffAfterMs = 86_400_000;
/** Of each of so many months the last copy stays. */
const monthsKept = 12;

export interface Copy {
  readonly folder: string;
  readonly at: number;
}

export function copyFolder(parent: string, now: number): string {
  return join(parent, `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '')}Z`);
}

/** The whole copies in a folder, newest first; what is named otherwise or was cut off is not looked at. */
export function copiesIn(parent: string): readonly Copy[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => copyName.test(name))
    .flatMap((name) => {
      const folder = join(parent, name);
      const label = readLabel(folder);
      return label === undefined ? [] : [{ folder, at: label.at }];
    })
    .sort((one, two) => two.at - one.at);
}

/** Copies from before an erasure still hold what was erased: they go so long after it, ms, as soon as there is a newer one. */
const erasedStaysMs = 10 * 86_400_000;

/** Removes the copies that are not to be kept, and what there is of those that were cut off. `erasedAt`: when something was erased for ever, UTC ms. Returns how many. */
export function rotate(parent: string, keep: number, erasedAt: readonly number[], now: number): number {
  const copies = copiesIn(parent);
  const outdated = new Set([...outdatedCopies(copies, keep), ...holdingErased(copies, erasedAt, now)]);
  for (const { folder } of outdated) rmSync(folder, { recursive: true, force: true });
  for (const folder of cutOffIn(parent, now)) rmSync(folder, { recursive: true, force: true });
  return outdated.size;
}

function cutOffIn(parent: string, now: number): readonly string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => name.endsWith('.part') && copyName.test(name.slice(0, -'.part'.length)))
    .map((name) => join(parent, name))
    .filter((folder) => now - statSync(folder).mtimeMs > cutOffAfterMs);
}

/** All but the `keep` newest ones and the newest one of each month; `copies` come newest first. */
export function outdatedCopies(copies: readonly Copy[], keep: number): readonly Copy[] {
  const months = new Map<string, Copy>();
  for (const copy of copies) {
    const month = new Date(copy.at).toISOString().slice(0, 7);
    if (!months.has(month)) months.set(month, copy);
  }
  const monthly = new Set([...months.values()].slice(0, monthsKept + 1));
  return copies.filter((copy, index) => index >= Math.max(1, keep) && !monthly.has(copy));
}

/** Copies that still hold what was erased long enough ago; `copies` come newest first, and the newest one stays. */
export function holdingErased(
  copies: readonly Copy[],
  erasedAt: readonly number[],
  now: number
): readonly Copy[] {
  const last = Math.max(...erasedAt.filter((at) => now - at >= erasedStaysMs), -Infinity);
  return copies.slice(1).filter(({ at }) => at < last);
}
