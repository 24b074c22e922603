/** The two languages of the interface. Formats are written out here: the same on an old phone, a desk and the server. */
export type Language = 'ru' | 'en';

/** Where a moment is shown: minutes east of UTC, or an IANA name as `Asia/Yekaterinburg`. */
export type Zone = number | string;

const noBreakSpace = '\u00a0';
const notANumber = '—';

// Marked as pure, and each language looked up by itself: the activist's page, which counts its bytes, writes no Russian month.
const russianMonths =
  /* @__PURE__ */ 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split(
    ' '
  );
const englishMonths =
  /* @__PURE__ */ 'January February March April May June July August September October November December'.split(
    ' '
  );
const russianWeekdays = ['вс', 'пн', 'вт', 'ср', 'чт', 'пт', 'сб'];
const englishWeekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** «1 805 915», «55,4»: at most `fractionDigits` after the comma, zeros at the end dropped; no number is «—». */
export function formatNumber(value: number, fractionDigits = 1, language: Language = 'ru'): string {
  if (!Number.isFinite(value)) return notANumber;
  const [whole = '0', fraction = ''] = Math.abs(value).toFixed(fractionDigits).split('.');
  const kept = fraction.replace(/0+$/, '');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === 'ru' ? noBreakSpace : ',');
  const sign = value < 0 && Number(`${whole}.${kept}`) !== 0 ? '−' : '';
  return sign + grouped + (kept === '' ? '' : `${language === 'ru' ? ',' : '.'}${kept}`);
}

/** A share of one as per cent: 0.554 is «55,4 %». */
export function formatPercent(share: number, fractionDigits = 1, language: Language = 'ru'): string {
  if (!Number.isFinite(share)) return notANumber;
  // Ten digits put 0.07 × 100 = 7.000000000000001 right before it is rounded for the eye.
  const percent = Number((share * 100).toPrecision(10));
  return `${formatNumber(percent, fractionDigits, language)}${language === 'ru' ? noBreakSpace : ''}%`;
}

/** Money from whole kopecks: «1 805 915 ₽», «0,50 ₽». */
export function formatMoney(kopecks: number, language: Language = 'ru'): string {
  if (!Number.isFinite(kopecks)) return notANumber;
  const amount = Math.abs(Math.round(kopecks));
  const roubles = formatNumber(Math.floor(amount / 100), 0, language);
  const rest = amount % 100;
  const point = language === 'ru' ? ',' : '.';
  const fraction = rest === 0 ? '' : point + String(rest).padStart(2, '0');
  return `${kopecks < 0 && amount > 0 ? '−' : ''}${roubles}${fraction}${noBreakSpace}₽`;
}

/** A plain date `YYYY-MM-DD` as «23.11.2026», in English «23 Nov 2026». What is no date is shown as it is. */
export function formatDate(date: string, language: Language = 'ru'): string {
  const parts = parsePlainDate(date);
  if (parts === undefined) return date;
  const { day, month, year } = parts;
  if (language === 'en') return [day, (englishMonths[month - 1] ?? '').slice(0, 3), year].join(noBreakSpace);
  return `${twoDigits(day)}.${twoDigits(month)}.${String(year).padStart(4, '0')}`;
}

/** «23 ноября» */
export function formatDay(date: string, language: Language = 'ru'): string {
  const parts = parsePlainDate(date);
  return parts === undefined ? date : `${parts.day}${noBreakSpace}${monthName(parts.month, language)}`;
}

/** «01.06», in English «1 Jun»: for lists where the year is plain. */
export function formatShortDay(date: string, language: Language = 'ru'): string {
  const parts = parsePlainDate(date);
  if (parts === undefined) return date;
  if (language === 'en') return `${parts.day}${noBreakSpace}${monthName(parts.month, 'en').slice(0, 3)}`;
  return `${twoDigits(parts.day)}.${twoDigits(parts.month)}`;
}

/** «1 июня 2022 г.» */
export function formatLongDate(date: string, language: Language = 'ru'): string {
  const parts = parsePlainDate(date);
  if (parts === undefined) return date;
  const yearWord = language === 'ru' ? `${noBreakSpace}г.` : '';
  return `${formatDay(date, language)}${noBreakSpace}${parts.year}${yearWord}`;
}

/** «ср, 1 июня» */
export function formatWeekday(date: string, language: Language = 'ru'): string {
  const parts = parsePlainDate(date);
  if (parts === undefined) return date;
  const weekday = new Date(Date.UTC(parts.year, parts.month - 1, parts.day)).getUTCDay();
  const name = (language === 'ru' ? russianWeekdays : englishWeekdays)[weekday] ?? '';
  return `${name}, ${formatDay(date, language)}`;
}

/** «01.06.2022 — 31.05.2023»; one day stands alone. */
export function formatPeriod(from: string, to: string, language: Language = 'ru'): string {
  if (from === to) return formatDate(from, language);
  return `${formatDate(from, language)}${noBreakSpace}— ${formatDate(to, language)}`;
}

/** The time of day of a moment (UTC milliseconds) in the zone, 24 hours: «09:05». */
export function formatTime(atMs: number, zone: Zone): string {
  return localDateTime(atMs, zone).time;
}

/** The plain date `YYYY-MM-DD` that the calendar in the zone shows at the moment (UTC milliseconds). */
export function plainDateAt(atMs: number, zone: Zone): string {
  return localDateTime(atMs, zone).date;
}

/** «23.11.2026, 14:32» */
export function formatDateTime(atMs: number, zone: Zone, language: Language = 'ru'): string {
  const { date, time } = localDateTime(atMs, zone);
  return `${formatDate(date, language)}, ${time}`;
}

type PlainDateParts = { readonly year: number; readonly month: number; readonly day: number };

function parsePlainDate(date: string): PlainDateParts | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? { year, month, day } : undefined;
}

function monthName(month: number, language: Language): string {
  return (language === 'ru' ? russianMonths : englishMonths)[month - 1] ?? '';
}

/** Making a formatter costs more than a hundred uses of it, and a list shows one zone on every row. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Zones whose clocks have not been changed since 2021, minutes east of UTC. Known here they are the same on a device whose
 * own tables are old, and spare the first screen of a slow tablet the making of a formatter.
 */
const steadyZones = new Map([
  ['Europe/Kaliningrad', 120],
  ['Europe/Moscow', 180],
  ['Europe/Samara', 240],
  ['Asia/Yekaterinburg', 300],
  ['Asia/Omsk', 360],
  ['Asia/Krasnoyarsk', 420],
  ['Asia/Irkutsk', 480],
  ['Asia/Yakutsk', 540],
  ['Asia/Vladivostok', 600],
  ['Asia/Magadan', 660],
  ['Asia/Kamchatka', 720]
]);
const steadySince = Date.UTC(2021, 0, 1);

function localDateTime(atMs: number, zone: Zone): { readonly date: string; readonly time: string } {
  if (!Number.isFinite(atMs)) return { date: notANumber, time: notANumber };
  const minutes = typeof zone === 'number' || atMs < steadySince ? zone : (steadyZones.get(zone) ?? zone);
  if (typeof minutes === 'number') {
    const shifted = new Date(atMs + minutes * 60_000).toISOString();
    return { date: shifted.slice(0, 10), time: shifted.slice(11, 16) };
  }
  const parts = new Map(
    formatterOf(minutes)
      .formatToParts(atMs)
      .map((part) => [part.type, part.value])
  );
  const field = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    date: `${field('year').padStart(4, '0')}-${field('month')}-${field('day')}`,
    time: `${field('hour')}:${field('minute')}`
  };
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  });
  formatters.set(zone, made);
  return made;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
