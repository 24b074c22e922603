import { attendanceParts } from '#domain/records/attendance.ts';
import { parseValues } from '#domain/records/registry.ts';
import type { Operation } from '#domain/sync/operation.ts';
import { recordKey, type DeviceDatabase } from '$lib/storage/database.ts';
import { readRecord, readUnder } from '$lib/storage/read.ts';
import { open } from '$lib/storage/sealing.ts';

/** One line of the sheet's history. */
export type HistoryEntry = {
  /** UTC ms, the clock of the device that did it. */
  readonly at: number;
  /** User id. */
  readonly by: string;
  readonly n: number;
} & (
  | { readonly type: 'closed'; readonly present: number }
  | { readonly type: 'reopened' }
  | { readonly type: 'paper_count'; readonly count: number }
  | { readonly type: 'marks'; readonly people: readonly string[]; readonly status: string }
  | { readonly type: 'reviewed'; readonly state: string }
);

const mostEntries = 100;

/**
 * What was done with a sheet, the latest first: this device's own operations, the last closing by anybody and the
 * review. Older operations than the device keeps are not there.
 */
export async function readHistory(
  database: DeviceDatabase,
  session: string
): Promise<readonly HistoryEntry[]> {
  const marks = await readUnder(database, 'attendance', session);
  const keys = [recordKey('sheet', session), ...marks.map((mark) => recordKey('attendance', mark.id))];
  const [waiting, retained, sheet, review] = await Promise.all([
    database.outbox.where('keys').anyOf(keys).distinct().toArray(),
    database.retained.where('keys').anyOf(keys).distinct().toArray(),
    readRecord(database, 'sheet', session),
    readRecord(database, 'review', `sheet~${session}`)
  ]);
  const own = [...waiting, ...retained].flatMap((row) => toEntries(open(row.body), session));
  const entries: HistoryEntry[] = [...own];
  const { closed, at = 0, present = 0 } = sheet?.values ?? {};
  if (closed !== undefined && sheet !== undefined && !own.some((entry) => entry.at === at)) {
    entries.push({
      at,
      by: sheet.by,
      n: 0,
      ...(closed ? { type: 'closed', present } : { type: 'reopened' })
    });
  }
  const decided = review?.values;
  if (decided?.state !== undefined && decided.state !== 'new') {
    entries.push({ at: decided.at ?? 0, by: decided.by ?? '', n: 0, type: 'reviewed', state: decided.state });
  }
  return entries.sort((left, right) => right.at - left.at || right.n - left.n).slice(0, mostEntries);
}

function toEntries(operation: Operation, session: string): readonly HistoryEntry[] {
  const head = { at: operation.w, by: operation.by, n: operation.n };
  const entries: HistoryEntry[] = [];
  const people = new Map<string, string[]>();
  for (const change of operation.ch) {
    if (change.e === 'sheet' && change.k === session) {
      const set = parseValues('sheet', change.set);
      if (set.closed === true) entries.push({ ...head, type: 'closed', present: set.present ?? 0 });
      if (set.closed === false) entries.push({ ...head, type: 'reopened' });
      if (set.paperCount !== undefined) entries.push({ ...head, type: 'paper_count', count: set.paperCount });
    }
    if (change.e === 'attendance' && attendanceParts(change.k).session === session) {
      const { status } = parseValues('attendance', change.set);
      if (status === undefined) continue;
      people.set(status, [...(people.get(status) ?? []), attendanceParts(change.k).person]);
    }
  }
  for (const [status, ids] of people) entries.push({ ...head, type: 'marks', status, people: ids });
  return entries;
}
