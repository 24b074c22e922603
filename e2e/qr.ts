import type { Locator } from '@playwright/test';
import { encode } from 'uqr';
import { expect } from './fixtures.ts';

/** The picture is the code of exactly this address, square by square. */
export async function expectCodeOf(picture: Locator, address: string): Promise<void> {
  const { data, size } = encode(address, { ecc: 'M', border: 4 });
  await expect(picture).toHaveAttribute('viewBox', `0 0 ${size} ${size}`);
  const drawn = (await picture.locator('path').getAttribute('d')) ?? '';
  const dark = new Set([...drawn.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`));
  const expected = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x} ${y}`] : [])));
  expect([...dark].sort()).toEqual(expected.sort());
}
