import { dayOfShowing, demoCalendar, isCalendarDevice, isDemoDevice } from '#demo/calendar.ts';
import type { AccessDeps } from '#server/access/access-deps.ts';
import type { SyncService } from '#server/sync/sync-service.ts';
import { seed } from './seed.ts';

/** The zone of the demonstration centre. */
export const showingZone = 'Asia/Yekaterinburg';

/** The day that calendars of a zone show, `YYYY-MM-DD`. */
export function todayIn(timeZone: string, now: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
}

/**
 * Whether the demonstration was made on another day and nobody but its own devices wrote in it since: then it can be
 * made anew, and every date of it is around today again.
 */
export async function isYesterdaysAndUntouched(deps: AccessDeps): Promise<boolean> {
  const school = `school-${todayIn(showingZone, deps.clock())}`;
  const { events, devices } = await deps.storage.readSnapshot(async (snapshot) => ({
    events: await snapshot.recordsOfType(deps.centre, 'event'),
    devices: await snapshot.devices(deps.centre)
  }));
  return (
    !events.some(({ k }) => k === school) && devices.every(({ id, lastN }) => lastN === 0 || isDemoDevice(id))
  );
}

/**
 * At a later start, gives the demonstration an event for today. Days of showing on which a guest wrote something stay;
 * events of the others make room.
 */
export async function keepCalendar(deps: AccessDeps & { readonly service: SyncService }): Promise<void> {
  const today = todayIn(showingZone, deps.clock());
  const listed = await deps.storage.readSnapshot(async (snapshot) => {
    const found = [];
    for (const type of ['event', 'session', 'attendance', 'sheet'])
      found.push(...(await snapshot.recordsOfType(deps.centre, type)));
    return found.filter((record) => dayOfShowing(record.k) !== undefined);
  });
  const days = new Set(listed.map((record) => dayOfShowing(record.k) ?? ''));
  if (days.has(today)) return;
  for (const { k, fields } of listed) {
    const isTouched = Object.values(fields).some((field) => !isCalendarDevice(field.d));
    const isGone = (fields['deletedAt']?.v ?? null) !== null;
    if (isTouched || isGone) days.delete(dayOfShowing(k) ?? '');
  }
  await seed(deps, demoCalendar({ today, timeZone: showingZone, untouchedDays: [...days] }));
}
