import { m } from '$lib/paraglide/messages.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** How long ago, in the largest fitting unit: «2 мин», «5 дней». */
export function ago(atMs: number, nowMs: number): string {
  const passed = Math.max(0, nowMs - atMs);
  if (passed < minuteMs) return m.office_just_now();
  if (passed < hourMs) return m.office_minutes_ago({ count: Math.floor(passed / minuteMs) });
  if (passed < dayMs) return m.office_hours_ago({ count: Math.floor(passed / hourMs) });
  return m.office_days_ago({ count: Math.floor(passed / dayMs) });
}
