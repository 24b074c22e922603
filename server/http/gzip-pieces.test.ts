import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gzipPieces } from './gzip-pieces.ts';

test('pieces come back as one text, whatever they are and wherever they are kept', async () => {
  const piece = fc.record({
    text: fc.oneof(
      fc.string().map((text) => Buffer.from(text)),
      fc.integer({ min: 1, max: 90_000 }).map((length) => Buffer.alloc(length, 'a record, another record; ')),
      fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes))
    ),
    kept: fc.boolean()
  });
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
      const whole = Buffer.concat(pieces.map(({ text }) => text));
      // A second time, what is kept is packed already.
      for (const again of [pieces, pieces.toReversed().toReversed()])
        expect(gunzipSync(await gzipPieces(again)).equals(whole)).toBe(true);
    }),
    { numRuns: 100 }
  );
});

test('what is kept makes a file no longer than its own packing, and leans on nothing before it', async () => {
  const text = Buffer.from(Array.from({ length: 2_000 }, (_, index) => `${index * 7},`).join(''));
  const alone = await gzipPieces([{ text, kept: true }]);
  const twice = await gzipPieces([
    { text, kept: true },
    { text, kept: true }
  ]);
  const framing = 20;
  expect(twice.byteLength).toBe(2 * (alone.byteLength - framing) + framing);
});
