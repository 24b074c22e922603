import { expect, it } from 'vitest';
import { findPlace } from './find-place.ts';

type Answer = Parameters<Geolocation['getCurrentPosition']>;

function geolocation(act: (success: Answer[0], failure: NonNullable<Answer[1]>) => void) {
  return {
    getCurrentPosition: (success: Answer[0], failure: Answer[1]) => {
      if (failure) act(success, failure);
    }
  };
}

it('rounds a place to a metre and keeps how sure it is', async () => {
  const coords = { latitude: 62.5134119, longitude: 65.60000001, accuracy: 12.4 } as GeolocationCoordinates;
  const found = await findPlace(geolocation((success) => success({ coords } as GeolocationPosition)));
  expect(found).toEqual({ ok: true, value: { latitude: 62.51341, longitude: 65.6, accuracy: 12 } });
});

it.each([
  [1, 'denied'],
  [2, 'unavailable'],
  [3, 'unavailable']
])('tells why there is no place: code %i is %s', async (code, error) => {
  const found = await findPlace(
    geolocation((_success, failure) => failure({ code } as GeolocationPositionError))
  );
  expect(found).toEqual({ ok: false, error });
});

it('is told by a browser that knows no places', async () => {
  expect(await findPlace(undefined)).toEqual({ ok: false, error: 'missing' });
});
