import * as v from 'valibot';
import type { Surface } from './principals.ts';

/** What is known of a database even when it is gone: kept apart from it. */
const markSchema = v.object({
  /** Operations that waited for a connection when it was last looked at. */
  waiting: v.number(),
  /** Device clock of the last confirmed exchange, UTC ms; 0 = never. */
  exchangedAt: v.number(),
  /** When it was found gone, UTC ms. */
  wipedAt: v.optional(v.number())
});
export type DatabaseMark = v.InferOutput<typeof markSchema>;

/** So long the office is told that this browser has lost a database. */
const toldForMs = 30 * 86_400_000;

/** Leaves the mark «here was a database», with what waited in it. */
export function markDatabase(
  storage: Storage,
  surface: Surface,
  mark: Pick<DatabaseMark, 'waiting' | 'exchangedAt'>
): void {
  const before = readMark(storage, surface);
  storage.setItem(keyOf(surface), JSON.stringify({ ...before, ...mark }));
}

/** Notes that the database is gone though its mark is there. */
export function markWiped(storage: Storage, surface: Surface, now: number): void {
  const before = readMark(storage, surface) ?? { waiting: 0, exchangedAt: 0 };
  storage.setItem(keyOf(surface), JSON.stringify({ ...before, wipedAt: now }));
}

/** What is known of a database that was found gone; undefined = none was. */
export function lostDatabase(storage: Storage, surface: Surface): DatabaseMark | undefined {
  const mark = readMark(storage, surface);
  return mark?.wipedAt === undefined ? undefined : mark;
}

/** Whether this browser has lost a database not long ago. */
export function wasWiped(storage: Storage, surface: Surface, now: number): boolean {
  const { wipedAt } = readMark(storage, surface) ?? {};
  return wipedAt !== undefined && Math.abs(now - wipedAt) < toldForMs;
}

function readMark(storage: Storage, surface: Surface): DatabaseMark | undefined {
  try {
    return v.parse(markSchema, JSON.parse(storage.getItem(keyOf(surface)) ?? ''));
  } catch {
    // None, somebody else's or a broken one.
    return undefined;
  }
}

function keyOf(surface: Surface): string {
  return `zimnik.mark.${surface}`;
}
