import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { operationSchema, parseOperation } from './operation.ts';

const id = fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/);
const change = fc.record({
  e: fc.constantFrom('attendance', 'person', 'of_another_program'),
  k: fc.array(id, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('~')),
  set: fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/), fc.jsonValue({ maxDepth: 2 })),
  base: fc.nat()
});
const operation = fc.record(
  {
    n: fc.integer({ min: 1 }),
    w: fc.maxSafeInteger(),
    c: fc.nat(),
    v: fc.constant(1),
    by: id,
    ch: fc.array(change, { minLength: 1, maxLength: 3 }),
    ep: id,
    replaces: fc.tuple(id, fc.integer({ min: 1 }))
  },
  { requiredKeys: ['n', 'w', 'c', 'v', 'by', 'ch'] }
);
/** What hostile or broken programs send, in the place of anything. */
const odd = fc.oneof(
  fc.constantFrom(-1, 0, -0, 1.5, 2 ** 53, '', ' ', 'a\n', 'a~', 'ж', '"', null, true, [], {}, [[]], 1, 'id'),
  fc.jsonValue({ maxDepth: 1 })
);
const oddName = fc.constantFrom(
  'constructor',
  'toString',
  'prototype',
  '__proto__',
  'erased',
  'lost',
  '',
  '1',
  'a-b',
  'ж',
  'n',
  'k'
);

/** The JSON of an operation with up to three of its parts replaced, added or left out. */
const sent = fc
  .tuple(operation, fc.array(fc.tuple(fc.nat(), odd, fc.option(oddName)), { maxLength: 3 }))
  .map(([given, faults]) => {
    const holder: unknown = JSON.parse(JSON.stringify({ given }));
    for (const [place, value, name] of faults) {
      const places = placesIn(holder);
      const [object, key] = places[place % places.length] ?? [{}, ''];
      const at = name ?? key;
      if (value === 1 && name === null) Reflect.deleteProperty(object, at);
      else Object.defineProperty(object, at, { value, enumerable: true, writable: true, configurable: true });
    }
    const changed: unknown = JSON.parse(JSON.stringify(holder));
    return typeof changed === 'object' && changed !== null && 'given' in changed ? changed.given : undefined;
  });

function placesIn(value: unknown): (readonly [object, string])[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [[value, key] as const, ...placesIn(inner)]);
}

describe('an operation', () => {
  it('is read without its schema only where the schema would read the same', () => {
    let operations = 0;
    fc.assert(
      fc.property(sent, (input) => {
        const parsed = parseOperation(input);
        const bySchema = v.safeParse(operationSchema, input);
        if (parsed.ok && parsed.value.kind === 'operation') {
          operations += 1;
          expect(bySchema).toMatchObject({ success: true });
          expect(parsed.value.operation).toStrictEqual(bySchema.output);
        } else expect(!bySchema.success || bySchema.output.v > 1).toBe(true);
      }),
      { numRuns: 2_000 }
    );
    expect(operations).toBeGreaterThan(300);
  });
});
