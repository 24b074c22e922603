import type { CountedEntity, IndicatorCount } from './count.ts';

export interface Forecast {
  /** What the number will be on the last day of the project, if the pace of the last weeks holds. */
  readonly value: number;
  readonly on: string;
}

const dayMs = 86_400_000;
/** Pace is taken from the last quarter, so that a busy start does not promise too much. */
const windowDays = 91;
const leastDays = 28;
const leastCounted = 5;
const leastBusyDays = 3;

/**
 * «При нынешнем темпе 74 к 31.05». Only accepted entities, each on the day of its first accepted row. Nothing is said
 * in the first four weeks, of fewer than five, of fewer than three different days, or once the project is over.
 *
 * @param today the centre's day, `YYYY-MM-DD`
 */
export function forecast(
  count: Pick<IndicatorCount, 'accepted' | 'counted'>,
  project: { readonly from?: string; readonly to?: string },
  today: string
): Forecast | undefined {
  const { from, to } = project;
  if (from === undefined || to === undefined || today >= to || today < from) return undefined;
  const since = laterDay(from, addDays(today, 1 - windowDays));
  const elapsed = daysBetween(since, today) + 1;
  const days = count.counted.map(firstAcceptedDay).filter((day) => day >= since && day <= today);
  if (elapsed < leastDays || days.length < leastCounted || new Set(days).size < leastBusyDays)
    return undefined;
  const more = Math.floor((days.length / elapsed) * daysBetween(today, to));
  return { value: count.accepted + more, on: to };
}

function firstAcceptedDay(entity: CountedEntity): string {
  return entity.evidence
    .filter((evidence) => evidence.standing === 'accepted')
    .reduce((first, evidence) => (first === '' || evidence.day < first ? evidence.day : first), '');
}

function laterDay(one: string, other: string): string {
  return one > other ? one : other;
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}
