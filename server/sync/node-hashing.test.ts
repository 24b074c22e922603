import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeHashing } from './node-hashing.ts';

test('an HMAC is that of the platform, for keys and texts of any length', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.nat(9_000).map((length) => 'я'.repeat(length)),
        fc.nat(9_000).map((length) => '€'.repeat(length)),
        fc.constant('half a character: \ud800')
      ),
      (key, text) => {
        const expected = createHmac('sha256', key).update(text).digest('hex');
        expect(nodeHashing.hmac(key, text)).toBe(expected);
      }
    ),
    { numRuns: 500 }
  );
});
