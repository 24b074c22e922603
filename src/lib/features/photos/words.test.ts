import { expect, it } from 'vitest';
import type { Photo } from './queries.ts';
import { deliveryWords } from './words.ts';

const photo = (place: Photo['place']) => ({ place, values: {} }) as Photo;

it('a photo that the centre did not accept is not told to be on its way: what to do is said', () => {
  const words = deliveryWords([photo('delivered'), photo('refused')], undefined);
  expect(words).toMatch(/^Центр не принял фото: 1\..*запись цела.*сфотографируйте ещё раз/);
  expect(deliveryWords([photo('delivered'), photo('here')], undefined)).toMatch(/Передано 1 из 2/);
});
