import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '#domain/sync/canonical-json.ts';
import { chainedText } from './log-chain.ts';

const time = fc.integer({ min: -8.64e15, max: 8.64e15 });
const text = fc.string({ unit: 'binary' });
const row = fc.record({
  seq: fc.nat(),
  kind: fc.constantFrom('operation' as const, 'release' as const),
  device: text,
  n: fc.nat(),
  to: fc.nat(),
  by: text,
  corrected: time,
  suspect: fc.boolean(),
  outcome: fc.constantFrom('applied' as const, 'superseded' as const, 'held' as const, 'refused' as const),
  reason: fc.option(text),
  detail: fc.option(text),
  changes: fc.constant([]),
  salts: fc.constant([]),
  replaces: fc.option(fc.tuple(text, fc.nat())),
  fingerprint: fc.stringMatching(/^[0-9a-f]{64}$/),
  receivedAt: time
});

it('chains exactly the canonical JSON of what the log keeps, so that it can be proved with any other tool', () => {
  fc.assert(
    fc.property(row, fc.array(fc.stringMatching(/^[0-9a-f]{64}$/)), (kept, digests) => {
      const { changes, salts, ...envelope } = kept;
      expect([changes, salts]).toEqual([[], []]);
      expect(chainedText(kept, digests)).toBe(canonicalJson({ ...envelope, digests }));
    })
  );
});
