/** A session as it is typed; a `$state` object of the form. */
export interface TypedSession {
  date: string;
  start: string;
  end: string;
  topic: string;
  hours: string;
}

export function emptySession(): TypedSession {
  return { date: '', start: '', end: '', topic: '', hours: '' };
}

/** «1,5» as a number; 0 when it is none. */
export function readHours(text: string): number {
  const hours = Number(text.replace(',', '.'));
  return Number.isFinite(hours) && hours > 0 && hours <= 100 ? hours : 0;
}
