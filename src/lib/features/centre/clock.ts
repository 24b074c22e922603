import { formatTime, plainDateAt } from '#domain/names/format.ts';

/** No clock that shows an earlier day is right: the program did not exist then. */
const programWrittenAt = Date.UTC(2025, 0, 1);
/** A clock may be this far behind the last exchange without being called wrong, ms. */
const slackMs = 2 * 60_000;

/** The centre's day at a moment (UTC ms), `YYYY-MM-DD`. */
export function todayIn(zone: string, nowMs: number): string {
  return plainDateAt(nowMs, zone);
}

/**
 * Whether the device's clock cannot be right: before the program was written or before the last exchange.
 * @param deviceNowMs the device's own clock, UTC ms
 * @param exchangedAt device clock of the last exchange, 0 = never
 */
export function isClockWrong(deviceNowMs: number, exchangedAt: number): boolean {
  return deviceNowMs < programWrittenAt || deviceNowMs < exchangedAt - slackMs;
}

/** The moment (UTC ms) at which the clocks of the zone show this day and time of day (`HH:MM`). */
export function momentOf(day: string, time: string, zone: string): number {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  // Twice: the second step is exact unless the zone changes its clocks in that very hour.
  const first = wanted - offsetAt(wanted, zone);
  return wanted - offsetAt(first, zone);
}

/** The plain day that many days later (or earlier). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function offsetAt(atMs: number, zone: string): number {
  const shown = Date.parse(`${plainDateAt(atMs, zone)}T${formatTime(atMs, zone)}:00Z`);
  return shown - Math.floor(atMs / 60_000) * 60_000;
}
