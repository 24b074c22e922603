import { m } from '$lib/paraglide/messages.js';
import { unreachable } from '#domain/result.ts';
import type { PhotoProblem } from './prepare.ts';
import type { Photo } from './queries.ts';

/** What was wrong with a chosen picture, and what to do. */
export function problemWords(problem: PhotoProblem): string {
  switch (problem) {
    case 'unreadable':
      return m.photo_unreadable();
    case 'heic':
      return m.photo_heic();
    case 'huge':
      return m.photo_huge();
    default:
      return unreachable(problem);
  }
}

/** Where one photo is. At the desk the centre tells what has not arrived; on a tablet its own state does. */
export function placeWords(photo: Photo, awaited: ReadonlySet<string> | undefined): string {
  const file = photo.values.file ?? '';
  if (photo.place === 'refused') return m.photo_refused();
  if (awaited !== undefined && photo.place === 'elsewhere')
    return awaited.has(file) ? m.photo_on_tablet() : m.photo_delivered();
  switch (photo.place) {
    case 'here':
      return m.photo_waiting();
    case 'delivered':
      return m.photo_delivered();
    case 'elsewhere':
      return m.photo_of_another();
    default:
      return unreachable(photo.place);
  }
}

/** «Передано 1 из 3», what to do about one that was not accepted, or at the desk how many are still on a tablet. */
export function deliveryWords(photos: readonly Photo[], awaited: ReadonlySet<string> | undefined): string {
  const total = photos.length;
  if (awaited !== undefined) {
    const count = photos.filter(({ values }) => awaited.has(values.file ?? '')).length;
    return count === 0 ? m.photo_count({ count: total }) : m.photo_still_on_tablet({ count, total });
  }
  const refused = photos.filter(({ place }) => place === 'refused').length;
  if (refused > 0) return m.photo_some_refused({ count: refused });
  const own = photos.filter(({ place }) => place !== 'elsewhere');
  const done = own.filter(({ place }) => place === 'delivered').length;
  if (own.length === 0) return m.photo_count({ count: total });
  return done === own.length
    ? m.photo_all_delivered({ count: own.length })
    : m.photo_some_delivered({ done, total: own.length });
}
