import { expect, test } from 'vitest';
import { withoutMetadata } from './jpeg.ts';
import { fitted } from './prepare.ts';

const segment = (marker: number, text: string): number[] => [
  0xff,
  marker,
  0,
  text.length + 2,
  ...new TextEncoder().encode(text)
];
const rest = [0xff, 0xda, 0, 2, 1, 2, 0xff, 0, 3, 0xff, 0xd9];

test('what a camera notes beside a picture is left out, what a decoder needs stays', () => {
  const jfif = segment(0xe0, 'JFIF');
  const adobe = segment(0xee, 'Adobe');
  const table = segment(0xdb, 'table');
  const bytes = new Uint8Array([
    0xff,
    0xd8,
    ...jfif,
    ...segment(0xe1, 'Exif place'),
    ...segment(0xed, 'Photoshop'),
    ...adobe,
    ...segment(0xfe, 'comment'),
    ...table,
    ...rest
  ]);
  expect([...withoutMetadata(bytes)]).toEqual([0xff, 0xd8, ...jfif, ...adobe, ...table, ...rest]);
  const png = new Uint8Array([0x89, 0x50]);
  expect(withoutMetadata(png)).toBe(png);
});

test('a picture is fitted by its longer side and never made larger', () => {
  expect(fitted({ width: 4_000, height: 3_000 }, 1_600)).toEqual({ width: 1_600, height: 1_200 });
  expect(fitted({ width: 10, height: 4_000 }, 240)).toEqual({ width: 1, height: 240 });
  expect(fitted({ width: 100, height: 50 }, 1_600)).toEqual({ width: 100, height: 50 });
});
