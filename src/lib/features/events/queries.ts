import { attendanceParts } from '#domain/records/attendance.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { countSheet } from '#domain/review/sheet-counts.ts';
import { returnedHref } from '$lib/features/assisted-survey/index.ts';
import { readPlaces } from '$lib/features/people/index.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { readAll, readUnder } from '$lib/storage/read.ts';

/** A session as the start screen lists it. */
export interface ScheduledSession {
  readonly session: RecordRow<'session'>;
  readonly event: RecordRow<'event'>;
  readonly settlement: string;
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
}

/** Every session of this device's events in the order of time. */
export async function readSchedule(database: DeviceDatabase): Promise<readonly ScheduledSession[]> {
  const [events, sessions, sheets, places] = await Promise.all([
    readAll(database, 'event'),
    readAll(database, 'session'),
    readAll(database, 'sheet'),
    readPlaces(database)
  ]);
  const eventById = new Map(events.map((event) => [event.id, event]));
  const closed = new Set(sheets.filter((sheet) => sheet.values.closed === true).map((sheet) => sheet.id));
  const scheduled = sessions.flatMap((session) => {
    const event = eventById.get(session.values.event ?? '');
    return event === undefined || session.values.date === undefined ? [] : [{ session, event }];
  });
  const withCounts = await Promise.all(
    scheduled.map(async ({ session, event }) => {
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
      const settlement = places.settlements.get(event.values.settlement ?? '') ?? '';
      return { session, event, settlement, marked, total, closed: closed.has(session.id) };
    })
  );
  return withCounts.sort((left, right) => (startOf(left) < startOf(right) ? -1 : 1));
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
): Promise<Pick<Task, 'href' | 'kind'>> {
  if (type === 'consultation') return { kind: 'consultation', href: `/field/consultation/${target}` };
  if (type === 'response') return { kind: 'response', href: await returnedHref(database, target) };
  return { kind: 'sheet', href: `/field/sheet/${target}` };
}

function startOf({ session }: ScheduledSession): string {
  return `${session.values.date ?? ''} ${session.values.start ?? ''} ${session.id}`;
}
