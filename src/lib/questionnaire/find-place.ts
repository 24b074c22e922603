import type { AnswerFields } from '#domain/survey/answers.ts';
import { fail, ok, type Result } from '#domain/result.ts';

/** `denied` by the person or the settings, `unavailable` within the time, `missing` in this browser. */
export type PlaceFailure = 'denied' | 'unavailable' | 'missing';

/** A receiver without a network needs long for its first fix. */
const patienceMs = 90_000;
const permissionDenied = 1;

/** Where the device is, rounded to about a metre; accuracy in metres. */
export function findPlace(
  geolocation: Pick<Geolocation, 'getCurrentPosition'> | undefined
): Promise<Result<AnswerFields, PlaceFailure>> {
  if (geolocation === undefined) return Promise.resolve(fail('missing'));
  return new Promise((resolve) => {
    geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve(
          ok({
            latitude: rounded(coords.latitude),
            longitude: rounded(coords.longitude),
            accuracy: Math.round(coords.accuracy)
          })
        ),
      ({ code }) => resolve(fail(code === permissionDenied ? 'denied' : 'unavailable')),
      { enableHighAccuracy: true, timeout: patienceMs, maximumAge: 60_000 }
    );
  });
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}
