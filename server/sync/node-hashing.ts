import { createHmac, hash } from 'node:crypto';
import type { Hashing } from './hashing.ts';

export const nodeHashing: Hashing = {
  sha256: (content) => hash('sha256', content, 'hex'),
  hmac: (key, text) =>
    key.length > blockBytes || text.length > longestText
      ? createHmac('sha256', key).update(text).digest('hex')
      : shortHmac(key, text)
};

const blockBytes = 64;
const digestBytes = 32;
const longestText = 8_192;
/** A character takes three bytes of UTF-8 at most. */
const inner = Buffer.alloc(blockBytes + 3 * longestText).fill(0x36, 0, blockBytes);
const outer = Buffer.alloc(blockBytes + digestBytes).fill(0x5c, 0, blockBytes);
/** So many bytes of both blocks are a key's. */
let keyBytes = 0;

/**
 * RFC 2104 over the plain hash function: two are made for every operation, and `createHmac` makes a stream each time, which takes
 * twice as long.
 */
function shortHmac(key: Uint8Array, text: string): string {
  for (let index = 0; index < Math.max(key.length, keyBytes); index++) {
    const byte = key[index] ?? 0;
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  keyBytes = key.length;
  const end = blockBytes + inner.write(text, blockBytes);
  outer.write(hash('sha256', inner.subarray(0, end), 'binary'), blockBytes, 'binary');
  return hash('sha256', outer, 'hex');
}
