/** Whether this is an IANA name of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    // The constructor throws for every name that it does not know.
    return false;
  }
}

/** The plain day (`YYYY-MM-DD`) that it is in a zone. */
export function dayIn(timeZone: string, instant: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(instant);
}
