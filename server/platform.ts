import { randomFillSync } from 'node:crypto';

/** One server process serves one centre; every key in the storage begins with this id all the same. */
export const centreId = 'centre';

/** The system is asked for this many random bytes at once: a push needs some for each of its operations. */
const poolBytes = 16_384;
const pool = new Uint8Array(poolBytes);
let used = poolBytes;

/** Random bytes from the system's generator, each given out once. */
export function randomBytes(length: number): Uint8Array {
  if (length > poolBytes) return randomFillSync(new Uint8Array(length));
  if (used + length > poolBytes) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.slice(used, used + length);
  pool.fill(0, used, used + length);
  used += length;
  return bytes;
}
