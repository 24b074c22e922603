/**
 * Reads a time of day as people type it: «9:05», «9.05», «9 05», «0905», «9».
 * @returns `HH:MM`, or undefined when there is no such time.
 */
export function readTypedTime(text: string): string | undefined {
  const typed = text.trim();
  const match = /^(\d{1,2})(?:[:.,\- ]+(\d{2}))?$/.exec(typed) ?? /^(\d{1,2})(\d{2})$/.exec(typed);
  if (!match) return undefined;
  const [, hours = '', minutes = '00'] = match;
  return Number(hours) > 23 || Number(minutes) > 59 ? undefined : `${hours.padStart(2, '0')}:${minutes}`;
}
