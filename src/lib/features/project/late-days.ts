import type { Values } from '#domain/records/registry.ts';

const dayMs = 86_400_000;

/** By how many days a line of the plan ended later than planned, or has not ended yet; 0 = in time or ahead. */
export function lateDays(
  { plannedTo, plannedFrom, actualTo, state }: Values<'milestone'>,
  today: string
): number {
  const planned = plannedTo ?? plannedFrom;
  if (planned === undefined || state === 'cancelled') return 0;
  const ended = actualTo ?? (state === 'done' ? planned : today);
  return Math.max(0, Math.round((Date.parse(ended) - Date.parse(planned)) / dayMs));
}
