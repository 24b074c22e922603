import fc from 'fast-check';
import * as v from 'valibot';
import type { FieldSchema } from '#domain/records/definition.ts';
import { registry, type RecordType } from '#domain/records/registry.ts';
import { hostileKeys, hostileValue } from './testing-hostile.ts';

/*
 * Courier's files that the centre can open and that were meant to do harm: what is in them fits the schemas of records, or was
 * once sent by a real app, or is neither, side by side.
 */

export const bundleCallers = ['coordinator', 'administrator', 'field', 'nobody'] as const;
export const makers = [
  'tablet',
  'neighbour',
  'revoked',
  'respondent',
  'desk',
  'of_other_centre',
  'unknown'
] as const;

/** What stands in a file in place of one operation. */
export type Item =
  /** A note about a person of its own: it must arrive, whatever stands beside it. */
  | { readonly kind: 'good' }
  /** A picture with the record that names it: the same. */
  | { readonly kind: 'good_photo' }
  /** A change whose values fit the schema, of any record, whoever may write it. */
  | { readonly kind: 'fits'; readonly changes: readonly FittingChange[]; readonly by: string | null }
  /** One of an app that is in use, as it stands in the recordings. */
  | { readonly kind: 'recorded'; readonly at: number; readonly by: string | null }
  /** The same with one of its places replaced. */
  | { readonly kind: 'spoiled'; readonly at: number; readonly place: number; readonly value: unknown }
  | { readonly kind: 'anything'; readonly value: unknown }
  /** A number that has been judged already, or was used in this file, with something else. */
  | { readonly kind: 'used_number'; readonly back: number }
  | { readonly kind: 'gap'; readonly over: number }
  | { readonly kind: 'lost'; readonly span: number };

export interface FittingChange {
  readonly e: RecordType;
  readonly k: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly base: number;
}

/** What lies beside the operations. */
export interface Enclosed {
  readonly what: 'named_picture' | 'named_drawing' | 'bystanders_picture' | 'unnamed';
  readonly bytes: 'right' | 'other' | 'cut' | 'empty' | 'no_picture';
  readonly mime: string;
}

/** One file before it is packed and locked. */
export interface BundleAttack {
  readonly caller: (typeof bundleCallers)[number];
  readonly maker: (typeof makers)[number];
  readonly secret: 'own' | 'of_neighbour' | 'wrong';
  readonly items: readonly Item[];
  readonly attachments: readonly Enclosed[];
  /** What the file says of the history and the clock, over the right words. */
  readonly told: Readonly<Record<string, unknown>>;
  readonly wrong:
    | { readonly kind: 'nothing' }
    | { readonly kind: 'value'; readonly at: number; readonly value: unknown }
    | { readonly kind: 'more'; readonly key: string; readonly value: unknown }
    | { readonly kind: 'other'; readonly value: unknown };
  readonly spelling: 'right' | 'proto' | 'NaN' | '1e400' | 'twice' | 'cut' | 'bom';
  readonly packing: 'gzip' | 'plain' | 'twice' | 'cut' | 'two_members' | 'bomb';
  readonly lock:
    'right' | 'other_centre' | 'signing_key' | 'other_encryption' | 'wrapped_key' | 'more_headers';
}

const people = ['p1', 'p2', 'p3'];
const texts = [
  ...people,
  's1',
  'e1',
  'k1',
  'u1',
  'u2',
  's1~p1',
  'person~p1',
  'sheet~s1',
  '2026-11-24',
  '09:30',
  '+79000000100',
  'Тарлина',
  'anna@example.org',
  'https://example.org/',
  'a'.repeat(64),
  '',
  'wave',
  'x'.repeat(290),
  "'; DROP TABLE records; --",
  '<script>alert(1)</script>',
  '=HYPERLINK("http://example.org")'
];
const numbers = [0, 1, -1, 2, 1_764_000_000_000, 8.64e15, -8.64e15, 1_000_000, 0.5, 2 ** 53 - 1];
/** Deep enough for every form of the product. */
const deepest = 4;

/** Values that fit a schema of a field; where its kind is not known here, what happens to fit. */
function fitting(schema: v.GenericSchema, depth = 0): fc.Arbitrary<unknown> {
  const given = schema as unknown as Shape;
  const inner = (one: v.GenericSchema | undefined): fc.Arbitrary<unknown> =>
    one === undefined || depth > deepest ? fc.constant(null) : fitting(one, depth + 1);
  switch (given.type) {
    case 'boolean':
      return fc.boolean();
    case 'picklist':
    case 'enum':
      return fc.constantFrom(...(given.options as readonly unknown[]));
    case 'literal':
      return fc.constant(given.literal);
    case 'array':
      return fc.array(inner(given.item), { maxLength: 3 });
    case 'tuple':
    case 'strict_tuple':
      return fc.tuple(...(given.items ?? []).map(inner));
    case 'optional':
    case 'nullable':
    case 'nullish':
      return fc.option(inner(given.wrapped), { nil: given.type === 'optional' ? undefined : null, freq: 4 });
    case 'object':
    case 'strict_object':
    case 'loose_object':
      return fc.record(
        Object.fromEntries(Object.entries(given.entries ?? {}).map(([key, one]) => [key, inner(one)]))
      );
    case 'record':
      return fc.dictionary(fc.constantFrom('a', 'b', 'q1'), inner(given.value), { maxKeys: 3 });
    case 'union':
    case 'variant':
      return fc.oneof(...(given.options as readonly v.GenericSchema[]).map(inner));
    case 'lazy':
      return inner(given.getter?.(undefined));
    default: {
      const pool = [...texts, ...numbers, true, null].filter((value) => v.is(schema, value));
      return pool.length === 0 ? fc.constant('x') : fc.constantFrom(...pool);
    }
  }
}

/** What the kinds of schemas keep of their parts. */
interface Shape {
  readonly type: string;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly item?: v.GenericSchema;
  readonly items?: readonly v.GenericSchema[];
  readonly wrapped?: v.GenericSchema;
  readonly entries?: Readonly<Record<string, v.GenericSchema>>;
  readonly value?: v.GenericSchema;
  readonly getter?: (input: unknown) => v.GenericSchema;
}

const ids = fc.oneof(
  fc.constantFrom(
    'p1',
    'p2',
    's1~p1',
    's2~p1',
    'e1',
    'k1',
    'wave',
    'u1',
    'u2',
    'sheet~s1',
    'consultation~k1'
  ),
  fc.constantFrom('conflict~1', 'tablet~1', 'a~b~c~d~e', '__proto__', 'constructor', 'x'.repeat(32))
);

const change: fc.Arbitrary<FittingChange> = fc
  .constantFrom(...(Object.keys(registry) as RecordType[]))
  .chain((e) => {
    const fields: Readonly<Record<string, FieldSchema>> = registry[e].fields;
    const values = Object.fromEntries(
      Object.entries(fields).map(([name, schema]) => [
        name,
        fc.oneof(
          { weight: 8, arbitrary: fitting(schema) },
          { weight: 2, arbitrary: fc.constant(null) },
          { weight: 1, arbitrary: hostileValue }
        )
      ])
    );
    return fc.record({
      e: fc.constant(e),
      k: ids,
      set: fc.record(values, { requiredKeys: [] }),
      base: fc.constantFrom(0, 0, 0, 1, 5, 1_000_000, 2 ** 53 - 1)
    });
  });

const by = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom('u2', 'c1', 'link', 'server', '__proto__') }
);

const item: fc.Arbitrary<Item> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'good' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'good_photo' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('fits' as const),
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
      by
    })
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('recorded' as const), at: fc.nat(1_000), by }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('spoiled' as const),
      at: fc.nat(1_000),
      place: fc.nat(1_000),
      value: hostileValue
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('anything' as const), value: hostileValue }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('used_number' as const),
      back: fc.oneof(fc.nat(5), fc.nat(1_000))
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('gap' as const),
      over: fc.constantFrom(1, 2, 1_000, 2 ** 31, 2 ** 52)
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lost' as const),
      span: fc.constantFrom(1, 2, 40, 0, -5, 2_000_000, 2 ** 52)
    })
  }
);

const enclosed: fc.Arbitrary<Enclosed> = fc.record({
  what: fc.constantFrom(
    'named_picture' as const,
    'named_drawing' as const,
    'bystanders_picture' as const,
    'unnamed' as const
  ),
  bytes: fc.constantFrom(
    'right' as const,
    'other' as const,
    'other' as const,
    'cut' as const,
    'empty' as const,
    'no_picture' as const
  ),
  mime: fc.oneof(
    { weight: 4, arbitrary: fc.constant('image/jpeg') },
    { weight: 2, arbitrary: fc.constant('image/svg+xml') },
    { weight: 1, arbitrary: fc.constantFrom('', 'text/html', 'image/jpeg\r\nx: y', '__proto__') }
  )
});

const told = fc.record(
  {
    madeAt: fc.constantFrom(0, -1, 8.64e15, -(2 ** 53) + 1, 1_764_000_000_000),
    clock: fc.constantFrom(0, 1, 5, 2 ** 53 - 1),
    epoch: fc.constantFrom<unknown>(null, 'e2', '__proto__', 'x'.repeat(32)),
    head: fc.constantFrom<unknown>(null, [0, ''], [1, 'f'.repeat(64)], [2 ** 53 - 1, 'f'.repeat(64)])
  },
  { requiredKeys: [] }
);

export const bundleAttack: fc.Arbitrary<BundleAttack> = fc.record({
  caller: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('coordinator' as const, 'administrator' as const) },
    { weight: 1, arbitrary: fc.constantFrom('field' as const, 'nobody' as const) }
  ),
  maker: fc.oneof(
    { weight: 12, arbitrary: fc.constant('tablet' as const) },
    { weight: 3, arbitrary: fc.constantFrom(...makers) }
  ),
  secret: fc.oneof(
    { weight: 12, arbitrary: fc.constant('own' as const) },
    { weight: 1, arbitrary: fc.constantFrom('of_neighbour' as const, 'wrong' as const) }
  ),
  items: fc.array(item, { maxLength: 8 }),
  attachments: fc.array(enclosed, { maxLength: 3 }),
  told: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: told }),
  wrong: fc.oneof(
    { weight: 12, arbitrary: fc.constant({ kind: 'nothing' as const }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('value' as const), at: fc.nat(10_000), value: hostileValue })
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('more' as const),
        key: fc.constantFrom(...hostileKeys),
        value: hostileValue
      })
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('other' as const), value: hostileValue }) }
  ),
  spelling: fc.oneof(
    { weight: 14, arbitrary: fc.constant('right' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'proto' as const,
        'NaN' as const,
        '1e400' as const,
        'twice' as const,
        'cut' as const,
        'bom' as const
      )
    }
  ),
  packing: fc.oneof(
    { weight: 200, arbitrary: fc.constant('gzip' as const) },
    {
      weight: 12,
      arbitrary: fc.constantFrom('plain' as const, 'twice' as const, 'cut' as const, 'two_members' as const)
    },
    { weight: 1, arbitrary: fc.constant('bomb' as const) }
  ),
  lock: fc.oneof(
    { weight: 20, arbitrary: fc.constant('right' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'other_centre' as const,
        'signing_key' as const,
        'other_encryption' as const,
        'wrapped_key' as const,
        'more_headers' as const
      )
    }
  )
});
