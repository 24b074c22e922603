import type { DemoBatch, DemoChange, DemoDevice } from './batch.ts';
import { office } from './crew.ts';
import { addDays, clockOf } from './days.ts';
import { together } from './timeline.ts';
import { calendarChanges, nextWeekOf, schoolOf } from './today.ts';

export interface DemoDay {
  /** The day of showing in the centre's zone, `YYYY-MM-DD`, after 2023. */
  readonly today: string;
  /** IANA name. */
  readonly timeZone: string;
}

export interface CalendarOptions extends DemoDay {
  /** Days of showing so far on which nobody wrote anything: their events make room for today's. */
  readonly untouchedDays?: readonly string[];
}

/** What a later start adds, brought by a device that has only this to say. */
export interface DemoCalendar {
  readonly devices: readonly [DemoDevice];
  readonly batches: readonly [DemoBatch];
}

/**
 * The calendar around a later day: today's school and next week's event, and nothing else. To be pushed once a day:
 * `dayOfShowing` tells from the ids of events which days the centre has. Events of earlier days stay, unless they are
 * named as untouched.
 */
export function demoCalendar({ today, timeZone, untouchedDays = [] }: CalendarOptions): DemoCalendar {
  const at = clockOf(timeZone)(addDays(today, -1), '21:00');
  const stale = untouchedDays.filter((day) => day !== today).flatMap(eventsOf);
  const removals = stale.map((change): DemoChange => ({ e: change.e, k: change.k, set: { deletedAt: at } }));
  const device = { ...office, id: `office-demo-${today}` };
  const { id, role, user } = device;
  const operations = together(at, user, [...removals, ...calendarChanges(today)]);
  return { devices: [device], batches: [{ device: id, role, user, at, operations }] };
}

/** The day whose school an event, or a record listed under it, belongs to: `school-2026-11-24-1~p-t1` → `2026-11-24`. */
export function dayOfShowing(id: string): string | undefined {
  return /^(?:school|week)-(\d{4}-\d\d-\d\d)/.exec(id)?.[1];
}

/** Whether a device is one that wrote the demonstration's own calendar, not a guest's. */
export function isCalendarDevice(device: string): boolean {
  return device.startsWith('office-demo');
}

/** Whether a device belongs to the invented history. */
export function isDemoDevice(device: string): boolean {
  return /^(?:office|field|link)-demo/.test(device);
}

function eventsOf(day: string): readonly DemoChange[] {
  return [schoolOf(day), nextWeekOf(day)].flatMap(({ id, sessions }) => [
    { e: 'event', k: id, set: {} } as const,
    ...sessions.map((session) => ({ e: 'session', k: session.id, set: {} }) as const)
  ]);
}
