import type { Values } from '#domain/records/registry.ts';

/** Why nobody could travel: what stops people in the north differs by the season. */
export interface Obstacle {
  readonly reason: NonNullable<Values<'event'>['reason']>;
  readonly note: string;
  /** The same in a few words, for the calendar plan. */
  readonly short: string;
}

const frost: Obstacle = {
  reason: 'frost_day',
  note: 'Актированный день, минус 41',
  short: 'Актированный день'
};
const iceDrift: Obstacle = {
  reason: 'flight_cancelled',
  note: 'Ледоход, вертолёт не вылетел',
  short: 'Ледоход, вертолёта не было'
};
const storm: Obstacle = {
  reason: 'weather',
  note: 'Шторм на Оби, «Метеор» не вышел',
  short: 'Шторм на Оби'
};
const freezing: Obstacle = {
  reason: 'flight_cancelled',
  note: 'Ледостав, вертолёт не вылетел',
  short: 'Ледостав, вертолёта не было'
};

/** What made people stay at home on a day, `YYYY-MM-DD`. */
export function obstacleOf(day: string): Obstacle {
  const month = Number(day.slice(5, 7));
  if (month >= 11 || month <= 3) return frost;
  if (month <= 5) return iceDrift;
  return month <= 9 ? storm : freezing;
}
