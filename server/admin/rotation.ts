import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readLabel } from './copy-label.ts';

/** Copies that the server makes by itself are folders with names like `2026-11-24T0300Z`. */
const copyName = /^\d{4}-\d{2}-\d{2}T\d{4}Z$/;
/** Of each of so many months the last copy stays. */
const monthsKept = 12;

export interface Copy {
  readonly folder: string;
  readonly at: number;
}

export function copyFolder(parent: string, now: number): string {
  return join(parent, `${new Date(now).toISOString().slice(0, 16).replaceAll(':', '')}Z`);
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

/** Removes the copies that are not to be kept. Returns how many. */
export function rotate(parent: string, keep: number): number {
  const outdated = outdatedCopies(copiesIn(parent), keep);
  for (const { folder } of outdated) rmSync(folder, { recursive: true, force: true });
  return outdated.length;
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
