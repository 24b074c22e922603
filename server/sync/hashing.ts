/** Hash functions, passed in so that nothing below the composition point depends on a platform. Results are hex. */
export interface Hashing {
  readonly sha256: (content: string | Uint8Array) => string;
  readonly hmac: (key: Uint8Array, text: string) => string;
}

/** Compares two hex digests without telling by its time where they differ. */
export function sameDigest(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index++)
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  return difference === 0;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
