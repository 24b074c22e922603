import type { Place } from './record-state.ts';

/** Which kind of device this is, by what it is held with and by its size. */
export function devicePlace(): Place {
  if (!matchMedia('(pointer: coarse)').matches) return 'computer';
  return Math.min(screen.width, screen.height) < 600 ? 'phone' : 'tablet';
}
