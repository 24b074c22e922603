import { m } from '$lib/paraglide/messages.js';
import type { Place } from './record-state.ts';

/** Which kind of device this is, by what it is held with and by its size. */
export function devicePlace(): Place {
  if (!matchMedia('(pointer: coarse)').matches) return 'computer';
  return Math.min(screen.width, screen.height) < 600 ? 'phone' : 'tablet';
}

/** The words for a kind of device, in «они хранятся …». */
export function placeWords(place: Place): string {
  return place === 'phone' ? m.place_phone() : place === 'computer' ? m.place_computer() : m.place_tablet();
}
