import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { testPicture } from './files/testing-picture.ts';
import { routes } from './http/route-table.ts';

/*
 * Hostile requests, drawn from the table of mounted routes and from what each of them takes: nobody has to remember to
 * attack a new route.
 */

export const hostileKeys = ['__proto__', 'constructor', 'toString', 'polluted', '', 'a'.repeat(5_000), 'е́'];

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom<unknown>(
    '',
    '\u0000',
    '\ud800',
    "'; DROP TABLE operations; --",
    '../../etc/passwd',
    'other',
    'я'.repeat(3_000),
    'x'.repeat(70_000)
  ),
  fc.constantFrom<unknown>(0, -1, 1.5, -0, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324, 8.64e15 + 1),
  fc.dictionary(fc.oneof(fc.constantFrom(...hostileKeys), fc.string({ maxLength: 8 })), fc.jsonValue()),
  fc.integer({ min: 55, max: 400 }).map((depth) => nested(depth))
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { deeper: value };
  return value;
}

export const callers = [
  'nobody',
  'field',
  'revoked',
  'foreign',
  'respondent',
  'new_phone',
  'coordinator',
  'administrator',
  'desk',
  'garbage'
] as const;

/** Bytes that a record of the attacked centre names: whoever sends them is let in. */
export const namedPicture = testPicture(2_000);
export const namedDrawing = new Uint8Array(
  Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0L9 9"/></svg>')
);
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One request before it is spelled: a right one, and what is wrong with it. */
export interface Attack {
  /** Method and pattern, as in the table of routes; some belong to none. */
  readonly route: string;
  readonly caller: (typeof callers)[number];
  /** What stands for a parameter of the path. */
  readonly parameter: string;
  readonly wrong:
    | { readonly kind: 'nothing' }
    /** The value at a place of the body, counted through all its places. */
    | { readonly kind: 'value'; readonly at: number; readonly value: unknown }
    | { readonly kind: 'more'; readonly key: string; readonly value: unknown }
    | { readonly kind: 'other_body'; readonly value: unknown }
    | { readonly kind: 'cut'; readonly share: number }
    | { readonly kind: 'flipped'; readonly share: number }
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
    | { readonly kind: 'bomb' };
  readonly encoding: '' | 'gzip' | 'said_gzip' | 'br' | 'gzip, gzip';
  readonly mediaType: string;
  /** What stands in one of the headers that the route asks for, counted through them; null = they are right. */
  readonly header: { readonly at: number; readonly value: string } | null;
  /** Of an exchange: how many operations, from which number counted from the next one, how wrong the clock. */
  readonly push: {
    readonly about: 'person' | 'photo' | 'erasure';
    readonly count: number;
    readonly from: number;
    readonly clockMs: number;
  };
}

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

export const attack: fc.Arbitrary<Attack> = fc.record({
  // The exchange takes most of what a server is given.
  route: fc.oneof(
    { weight: 3, arbitrary: fc.constant('POST /api/sync') },
    { weight: 5, arbitrary: fc.constantFrom(...Object.keys(routes)) },
    { weight: 1, arbitrary: fc.constantFrom('DELETE /api/sync', 'POST /api/nothing', 'PUT /api/attachments') }
  ),
  caller: fc.constantFrom(...callers),
  parameter: fc.oneof(
    fc.constantFrom(
      'a'.repeat(64),
      'p1',
      'person',
      '..',
      '%00',
      '%ff',
      '%2e%2e%2f',
      'a'.repeat(3_000),
      '__proto__'
    ),
    fc.constantFrom(hashOf(namedPicture), hashOf(namedDrawing)),
    fc.string({ maxLength: 20 }).map(encodeURIComponentSafely)
  ),
  wrong: fc.oneof(
    fc.constant({ kind: 'nothing' as const }),
    fc.record({ kind: fc.constant('value' as const), at: fc.nat(10_000), value: hostileValue }),
    fc.record({ kind: fc.constant('value' as const), at: fc.nat(10_000), value: hostileValue }),
    fc.record({
      kind: fc.constant('more' as const),
      key: fc.constantFrom(...hostileKeys),
      value: hostileValue
    }),
    fc.record({ kind: fc.constant('other_body' as const), value: hostileValue }),
    fc.record({ kind: fc.constant('cut' as const), share }),
    fc.record({ kind: fc.constant('flipped' as const), share }),
    fc.record({ kind: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 300 }) }),
    { weight: 1, arbitrary: fc.constant({ kind: 'bomb' as const }) }
  ),
  encoding: fc.oneof(
    { weight: 6, arbitrary: fc.constant('' as const) },
    { weight: 3, arbitrary: fc.constant('gzip' as const) },
    { weight: 1, arbitrary: fc.constantFrom('said_gzip' as const, 'br' as const, 'gzip, gzip' as const) }
  ),
  mediaType: fc.oneof(
    { weight: 6, arbitrary: fc.constant('application/json') },
    fc.constantFrom(
      '',
      'text/plain',
      'multipart/form-data',
      'image/svg+xml',
      'application/vnd.zimnik.sync+json'
    )
  ),
  header: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        at: fc.nat(10),
        value: fc.constantFrom(
          '',
          '-1',
          '1',
          '99999999999',
          '1e3',
          '0x10',
          'NaN',
          ' ',
          ',,',
          'x'.repeat(5_000)
        )
      })
    }
  ),
  push: fc.record({
    about: fc.constantFrom('person' as const, 'person' as const, 'photo' as const, 'erasure' as const),
    count: fc.integer({ min: 0, max: 4 }),
    from: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -6, max: 4 })),
    clockMs: fc.constantFrom(0, 0, 0, -86_400_000, 63_072_000_000, -1_764_000_000_000, 8.64e15)
  })
});

function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, ''));
}

const bomb = new Uint8Array(gzipSync(Buffer.alloc(20_000_000, 32)));

/** The bytes of an attack's body over the right body of its route, and the headers that tell how to read them. */
export function spell(
  { wrong, encoding, mediaType }: Pick<Attack, 'wrong' | 'encoding' | 'mediaType'>,
  right: unknown
): { readonly body: Uint8Array<ArrayBuffer>; readonly headers: Readonly<Record<string, string>> } {
  const type = mediaType === '' ? {} : { 'content-type': mediaType };
  if (wrong.kind === 'bomb') return { body: bomb, headers: { ...type, 'content-encoding': 'gzip' } };
  const plain = damaged(wrong, right);
  if (encoding === '') return { body: plain, headers: type };
  const body = encoding === 'gzip' ? new Uint8Array(gzipSync(plain)) : plain;
  return { body, headers: { ...type, 'content-encoding': encoding === 'said_gzip' ? 'gzip' : encoding } };
}

function damaged(wrong: Attack['wrong'], right: unknown): Uint8Array<ArrayBuffer> {
  switch (wrong.kind) {
    case 'value':
      return bytesOf(placed(right, wrong.at, wrong.value));
    case 'more':
      return bytesOf(
        right !== null && typeof right === 'object' && !Array.isArray(right)
          ? Object.fromEntries([...Object.entries(right), [wrong.key, wrong.value]])
          : right
      );
    case 'other_body':
      return bytesOf(wrong.value);
    case 'cut': {
      const whole = bytesOf(right);
      return whole.slice(0, Math.floor(whole.length * wrong.share));
    }
    case 'flipped': {
      const whole = bytesOf(right);
      const at = Math.floor(whole.length * wrong.share);
      return whole.map((byte, index) => (index === at ? byte ^ 255 : byte));
    }
    case 'bytes':
      return new Uint8Array(wrong.bytes);
    default:
      return bytesOf(right);
  }
}

function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  return new Uint8Array(Buffer.from(JSON.stringify(value) ?? ''));
}

/** The body with the value at its `at`-th place (modulo their number) replaced. */
export function placed(body: unknown, at: number, value: unknown): unknown {
  let left = at % countPlaces(body);
  return walk(body);

  function walk(present: unknown): unknown {
    if (left-- === 0) return value;
    if (Array.isArray(present)) return present.map(walk);
    if (present !== null && typeof present === 'object')
      return Object.fromEntries(Object.entries(present).map(([key, each]) => [key, walk(each)]));
    return present;
  }
}

function countPlaces(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1;
  return Object.values(value).reduce((sum: number, each: unknown) => sum + countPlaces(each), 1);
}
