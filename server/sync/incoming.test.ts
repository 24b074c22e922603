import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '#domain/sync/canonical-json.ts';
import { readBatch } from './incoming.ts';
import { nodeHashing } from './node-hashing.ts';

const key = new Uint8Array(32).fill(7);
const id = fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/);
const operation = fc.record(
  {
    n: fc.integer({ min: 1 }),
    w: fc.maxSafeInteger(),
    c: fc.nat(),
    v: fc.constantFrom(1, 2),
    by: id,
    ch: fc.array(
      fc.record({
        e: fc.constantFrom('attendance', 'person'),
        k: fc.array(id, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('~')),
        set: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
        base: fc.nat()
      }),
      { maxLength: 3 }
    ),
    ep: id,
    replaces: fc.tuple(id, fc.integer({ min: 1 })),
    unknown: fc.jsonValue({ maxDepth: 1 })
  },
  { requiredKeys: ['n', 'w', 'c', 'v', 'by', 'ch'] }
);

it('keeps and fingerprints the canonical JSON of what came, however it is written out', () => {
  fc.assert(
    fc.property(operation, (given) => {
      const came: unknown = JSON.parse(JSON.stringify(given));
      const text = canonicalJson(came, 'ep');
      const [incoming] = readBatch([came], 0, key, nodeHashing);
      expect(incoming?.fingerprint).toBe(nodeHashing.hmac(key, text));
      expect(incoming?.length).toBe(text.length);
      expect(canonicalJson(JSON.parse(incoming?.raw ?? ''))).toBe(canonicalJson(came));
      expect(incoming?.raw.startsWith('{"ep":')).toBe(given.ep !== undefined);
      for (const [index, written] of incoming?.texts.entries() ?? [])
        expect(written).toBe(canonicalJson(given.ch[index]));
    }),
    { numRuns: 500 }
  );
});
