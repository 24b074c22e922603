import { randomBytes as nodeRandomBytes } from 'node:crypto';

/** One server process serves one centre; every key in the storage begins with this id all the same. */
export const centreId = 'centre';

export function randomBytes(length: number): Uint8Array {
  return new Uint8Array(nodeRandomBytes(length));
}
