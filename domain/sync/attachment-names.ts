import type { Change } from './operation.ts';

const sha256Hex = /^[0-9a-f]{64}$/;

/** Values that look like the sha-256 of an attachment, wherever they stand in a change. */
export function hashesNamed({ set }: Change): readonly string[] {
  // Most changes hold a few short words and numbers.
  for (const name in set) if (!isShort(set[name])) return hashesIn(set);
  return [];
}

function isShort(value: unknown): boolean {
  return typeof value === 'string' ? value.length !== 64 : typeof value !== 'object';
}

/** The same in any value. */
export function hashesIn(value: unknown, found: string[] = []): readonly string[] {
  if (typeof value === 'string') {
    if (value.length === 64 && sha256Hex.test(value)) found.push(value);
  } else if (value !== null && typeof value === 'object')
    for (const inner of Object.values(value)) hashesIn(inner, found);
  return found;
}
