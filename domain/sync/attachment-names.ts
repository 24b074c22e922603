import type { Change } from './operation.ts';

const sha256Hex = /^[0-9a-f]{64}$/;

/** Values that look like the sha-256 of an attachment, wherever they stand in a change. */
export function hashesNamed(change: Change): readonly string[] {
  return hashesIn(change.set);
}

/** The same in any value. */
export function hashesIn(value: unknown, found: string[] = []): readonly string[] {
  if (typeof value === 'string') {
    if (value.length === 64 && sha256Hex.test(value)) found.push(value);
  } else if (value !== null && typeof value === 'object')
    for (const inner of Object.values(value)) hashesIn(inner, found);
  return found;
}
