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

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOfByte[byte] ?? '';
  return text;
}

/** The bytes of an even number of hex digits. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = (digitAt(text, 2 * index) << 4) | digitAt(text, 2 * index + 1);
  return bytes;
}

/** 0–15 of `0`–`9`, `a`–`f`. */
function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
}
