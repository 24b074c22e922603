import { attendanceParts } from '#domain/records/attendance.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { countSheet } from '#domain/review/sheet-counts.ts';
import { returnedHref } from '$lib/features/assisted-survey/index.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { readAll, readRecord, readUnder } from '$lib/storage/read.ts';

/** A session as the start screen lists it. */
export interface ScheduledSession {
  readonly session: RecordRow<'session'>;
  readonly event: RecordRow<'event'>;
  readonly settlement: string;
  /** Which of how many sessions; undefined when the event has one. */
  readonly part: { readonly number: number; readonly total: number } | undefined;
  readonly marked: number;
  readonly total: number;
  readonly closed: boolean;
}

/** A returned record. */
export interface Task {
  readonly id: string;
  readonly href: string;
  readonly kind: 'sheet' | 'consultation' | 'response';
  readonly title: string;
  /** The event and day of a sheet, by which its worker knows it among others. */
  readonly event: { readonly title: string; readonly day: string } | undefined;
}

interface DatedSession {
  readonly session: RecordRow<'session'>;
  readonly event: RecordRow<'event'>;
}

/** Every session of this device's events that has a day, in the order of time. */
export async function readSessions(database: DeviceDatabase): Promise<readonly DatedSession[]> {
  const [events, sessions] = await Promise.all([readAll(database, 'event'), readAll(database, 'session')]);
  const eventById = new Map(events.map((event) => [event.id, event]));
  return sessions
    .flatMap((session) => {
      const event = eventById.get(session.values.event ?? '');
      return event === undefined || session.values.date === undefined ? [] : [{ session, event }];
    })
    .sort((left, right) => (startOf(left) < startOf(right) ? -1 : 1));
}

/**
 * Sessions whose sheet is open, and those of `from` (a day) and later, in the order of time. The marks of sheets that were
 * closed in days gone by, which no list shows, would hold the start screen up more with every month.
 */
export async function readSchedule(
  database: DeviceDatabase,
  from: string
): Promise<readonly ScheduledSession[]> {
  const [dated, sheets, settlements] = await Promise.all([
    readSessions(database),
    readAll(database, 'sheet'),
    readAll(database, 'settlement')
  ]);
  const closed = new Set(sheets.filter((sheet) => sheet.values.closed === true).map((sheet) => sheet.id));
  const names = new Map(settlements.map((row) => [row.id, row.values.name ?? '']));
  const perEvent = new Map<string, number>();
  for (const { event } of dated) perEvent.set(event.id, (perEvent.get(event.id) ?? 0) + 1);
  const listed = dated.filter(
    ({ session }) => !closed.has(session.id) || (session.values.date ?? '') >= from
  );
  return Promise.all(
    listed.map(async ({ session, event }) => {
      const marks = await readUnder(database, 'attendance', session.id);
      const rows = marks.map((mark) => ({
        person: attendanceParts(mark.id).person,
        nameless: mark.values.nameless === true,
        status: mark.values.status ?? ('none' as const),
        signature: undefined,
        consent: undefined,
        expected: mark.values.expected === true
      }));
      const { marked, total } = countSheet(rows.filter((row) => row.expected || row.status !== 'none'));
      return {
        session,
        event,
        settlement: names.get(event.values.settlement ?? '') ?? '',
        part: partOf(session, perEvent.get(event.id) ?? 1),
        marked,
        total,
        closed: closed.has(session.id)
      };
    })
  );
}

function partOf(session: RecordRow<'session'>, total: number): ScheduledSession['part'] {
  const { number } = session.values;
  return number === undefined || total < 2 ? undefined : { number, total };
}

/** What the coordinator returned to this worker to be corrected. */
export async function readTasks(database: DeviceDatabase, user: string): Promise<readonly Task[]> {
  const remarks = await readAll(database, 'remark');
  const open = remarks.filter((row) => row.values.to === user && row.values.done !== true);
  return Promise.all(
    open.map(async (row) => ({
      id: row.id,
      ...(await returnedRecord(database, row.values.targetType, row.values.target ?? '')),
      title: row.values.text ?? ''
    }))
  );
}

async function returnedRecord(
  database: DeviceDatabase,
  type: string | undefined,
  target: string
): Promise<Pick<Task, 'href' | 'kind' | 'event'>> {
  if (type === 'consultation')
    return { kind: 'consultation', href: `/field/consultation/${target}`, event: undefined };
  if (type === 'response')
    return { kind: 'response', href: await returnedHref(database, target), event: undefined };
  return { kind: 'sheet', href: `/field/sheet/${target}`, event: await eventOf(database, target) };
}

async function eventOf(database: DeviceDatabase, session: string): Promise<Task['event']> {
  const held = (await readRecord(database, 'session', session))?.values;
  const event = (await readRecord(database, 'event', held?.event ?? ''))?.values;
  return event?.title === undefined ? undefined : { title: event.title, day: held?.date ?? '' };
}

function startOf({ session }: DatedSession): string {
  return `${session.values.date ?? ''} ${session.values.start ?? ''} ${session.id}`;
}
