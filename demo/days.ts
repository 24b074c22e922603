const dayMs = 86_400_000;

/** `YYYY-MM-DD` some days later (or earlier, when negative). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The first day of the month that is `months` later. */
export function monthStart(day: string, months: number): string {
  const date = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}

/** 0 = Monday … 6 = Sunday. */
export function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** The moment (UTC ms) at which clocks of the zone show this day and time, `HH:MM`. */
export type Clock = (day: string, time: string) => number;

export function clockOf(timeZone: string): Clock {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit'
  });
  const shownAt = (instant: number): number => {
    const parts = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]));
    const at = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
    return Date.parse(`${at('year')}-${at('month')}-${at('day')}T${at('hour')}:${at('minute')}:00Z`);
  };
  return (day, time) => {
    const wanted = Date.parse(`${day}T${time}:00Z`);
    const first = wanted - (shownAt(wanted) - wanted);
    return first - (shownAt(first) - wanted);
  };
}
