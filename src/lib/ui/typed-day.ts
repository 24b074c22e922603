/**
 * Reads a date as people type it: «23.11.2026», «23.11.26», «3 11 2026», «23112026» or an ISO day.
 * @returns the day as YYYY-MM-DD, or undefined when there is no such day.
 */
export function readTypedDay(text: string): string | undefined {
  const typed = text.trim();
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed);
  if (iso) return day(iso[1], iso[2], iso[3]);
  const match =
    /^(\d{1,2})[.,/\- ]+(\d{1,2})[.,/\- ]+(\d{4}|\d{2})\.?$/.exec(typed) ??
    /^(\d{2})(\d{2})(\d{4})$/.exec(typed);
  if (!match) return undefined;
  return day(match[3]?.length === 2 ? `20${match[3]}` : match[3], match[2], match[1]);
}

/** A day YYYY-MM-DD as it is written here: «23.11.2026»; what is not a day stays as it is. */
export function showTypedDay(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  return match ? `${match[3]}.${match[2]}.${match[1]}` : iso;
}

function day(year = '', month = '', date = ''): string | undefined {
  const iso = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  // The 31st of April rolls over to May in some engines: only a day that comes back the same exists.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? undefined : iso;
}
