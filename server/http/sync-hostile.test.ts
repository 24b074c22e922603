import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { syncMediaType, syncResponseSchema, type SyncResponse } from '#domain/sync/protocol.ts';
import { ensureCentre } from '#server/sync/centre.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { createSyncService } from '#server/sync/sync-service.ts';
import { enrol, openTestCentre, type TestCentre, type TestDevice } from '#server/sync/testing-centre.ts';
import { newDevice } from '#server/sync/authenticate.ts';
import { verify } from '#server/sync/verify.ts';
import { syncRoutes } from './sync.ts';

/** Stands in the other centre's records only. */
const canary = 'Канарейка-другого-центра';
const maxBodyBytes = 200_000;

let centre: TestCentre;
let tablet: TestDevice;
let app: ReturnType<typeof syncRoutes>;

beforeAll(async () => {
  centre = await openTestCentre();
  tablet = await enrol(centre, 'tablet', 'field', 'u1');
  app = syncRoutes({
    service: centre.service,
    clock: () => centre.now,
    officeSession: () => Promise.resolve(undefined),
    maxBodyBytes
  });
  await fillOtherCentre();
});
afterAll(() => centre.close());

async function fillOtherCentre(): Promise<void> {
  const deps = { ...centre.deps, centre: 'other' };
  await ensureCentre(deps);
  const secret = 'secret-of-the-other-centre';
  const secretHash = nodeHashing.sha256(secret);
  const device = { id: 'stranger', secretHash, role: 'field' as const, user: 'u9', name: '', createdAt: 1 };
  await centre.storage.withTransaction((tx) => tx.putDevice('other', newDevice(device)));
  const operation = {
    n: 1,
    w: centre.now,
    c: 0,
    v: 1,
    by: 'u9',
    ch: [{ e: 'person', k: 'p1', set: { surname: canary }, base: 0 }]
  };
  const request = { ...tablet.request([operation]), device: 'stranger' };
  const answer = await createSyncService(deps).exchange(request, { secret });
  expect(answer).toMatchObject({ kind: 'ok', acks: [{ o: 'applied' }] });
}

interface Sent {
  readonly status: number;
  readonly answer: SyncResponse;
  /** Log rows that it wrote. */
  readonly written: number;
}

/** Whatever was sent: an answer of the protocol, no failure of the server, nothing of another centre. */
async function send(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {}
): Promise<Sent> {
  const before = await seq();
  const response = await app.request('http://localhost/api/sync', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tablet.secret}`, ...headers }
  });
  const text = await response.text();
  expect(response.status).toBeLessThan(500);
  expect(response.headers.get('content-type')).toBe(syncMediaType);
  expect(text).not.toContain(canary);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  const answer = v.parse(syncResponseSchema, JSON.parse(text));
  return { status: response.status, answer, written: (await seq()) - before };
}

async function seq(): Promise<number> {
  return (await centre.storage.readSnapshot((snapshot) => snapshot.centre('centre')))?.seq ?? -1;
}

async function nextNumber(): Promise<number> {
  const device = await centre.storage.readSnapshot((snapshot) => snapshot.device('centre', 'tablet'));
  return (device?.lastN ?? 0) + 1;
}

const hostileKeys = ['__proto__', 'constructor', 'toString', 'polluted', '', 'a'.repeat(5_000), 'е́'];
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    "'; DROP TABLE operations; --",
    '../../etc/passwd',
    'other',
    'я'.repeat(3_000)
  )
);
const hostileNumber = fc.constantFrom(
  0,
  -1,
  1.5,
  -0,
  2 ** 31,
  2 ** 53,
  -(2 ** 53),
  1e308,
  5e-324,
  8.64e15 + 1
);
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  hostileText,
  hostileNumber,
  fc.dictionary(fc.oneof(fc.constantFrom(...hostileKeys), fc.string({ maxLength: 8 })), fc.jsonValue()),
  fc.integer({ min: 55, max: 400 }).map((depth) => nested(depth)),
  fc.constant(undefined)
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { deeper: value };
  return value;
}

/** JSON with a key that an object literal would take for its prototype, and with numbers that JSON has not. */
function spell(value: unknown, unreal: string | undefined): string {
  const text = JSON.stringify(value);
  return unreal === undefined ? text : text.replace(/:\d+/, `:${unreal}`);
}

const seeds = { seed: 20_251_124 };

test('a hostile envelope is refused or understood, and a refused one writes nothing', async () => {
  const fields = Object.keys(tablet.request([]));
  const change = fc.record({
    field: fc.oneof(fc.constantFrom(...fields), fc.constantFrom(...hostileKeys)),
    value: hostile,
    unreal: fc.option(fc.constantFrom('NaN', '1e400', '-Infinity', '01', '1e-400'), {
      nil: undefined,
      freq: 8
    })
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ field, value, unreal }) => {
      const entries = Object.entries({ ...tablet.request([]), [field]: value });
      // `__proto__` as a key of its own, as a hostile client spells it.
      const request: unknown = Object.fromEntries([...entries, [field, value]]);
      const { answer, written } = await send(spell(request, unreal));
      if (answer.kind !== 'ok') expect(written).toBe(0);
    }),
    { ...seeds, numRuns: 500 }
  );
}, 300_000);

test('a hostile operation harms none of its neighbours', async () => {
  const part = fc.constantFrom('w', 'c', 'by', 'ch', 'ep', 'replaces', 'e', 'k', 'set', 'base', 'surplus');
  // A name that a type could have is taken as newer than this server, which ends the batch by design.
  const isNewer = (each: { readonly part: string; readonly value: unknown }): boolean =>
    each.part === 'e' && typeof each.value === 'string' && /^[a-z_]{1,40}$/.test(each.value);
  const bad = fc
    .record({ part, value: hostile, key: fc.constantFrom(...hostileKeys, 'surname', 'status') })
    .filter((each) => !isNewer(each));
  await fc.assert(
    fc.asyncProperty(fc.array(bad, { minLength: 1, maxLength: 4 }), async (bads) => {
      const first = await nextNumber();
      const last = first + bads.length + 1;
      const ops = [
        operation(first, {}),
        ...bads.map((each, index) => spoil(operation(first + 1 + index, {}), each)),
        operation(last, {})
      ];
      const { answer } = await send(JSON.stringify(tablet.request(ops)));
      expect(answer.kind).toBe('ok');
      if (answer.kind !== 'ok') return;
      const outcomes = new Map<number, string>();
      for (const ack of answer.acks) for (let n = ack.n; n <= (ack.to ?? ack.n); n++) outcomes.set(n, ack.o);
      expect([outcomes.get(first), outcomes.get(last)]).toEqual(['applied', 'applied']);
      expect(outcomes.size).toBe(ops.length);
    }),
    { ...seeds, numRuns: 200 }
  );
  const report = await verify(centre.storage, 'centre', nodeHashing);
  expect(report.findings).toEqual([]);
}, 300_000);

function operation(n: number, more: Record<string, unknown>): Record<string, unknown> {
  const ch = [{ e: 'person', k: `p${n % 50}`, set: { note: `v${n}` }, base: 0 }];
  return { n, w: centre.now, c: 0, v: 1, by: 'u1', ch, ...more };
}

function spoil(
  good: Record<string, unknown>,
  { part, value, key }: { readonly part: string; readonly value: unknown; readonly key: string }
): Record<string, unknown> {
  const change = { e: 'person', k: 'p1', set: {}, base: 0 };
  if (part === 'set') return { ...good, ch: [{ ...change, set: Object.fromEntries([[key, value]]) }] };
  if (part === 'e' || part === 'k' || part === 'base') return { ...good, ch: [{ ...change, [part]: value }] };
  return { ...good, [part]: value };
}

test('bytes that are no request are refused and write nothing', async () => {
  const packed = new Uint8Array(gzipSync(JSON.stringify(tablet.request([]))));
  const encodings = fc.constantFrom('gzip', 'identity', 'br', 'gzip, gzip', 'deflate', 'x');
  const types = fc.constantFrom('application/json', 'text/plain', 'multipart/form-data', '', syncMediaType);
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array)),
    fc.nat({ max: packed.length - 1 }).map((end) => packed.slice(0, end)),
    fc
      .nat({ max: packed.length - 9 })
      .map((at) => packed.map((byte, index) => (index === at ? byte ^ 255 : byte)))
  );
  await fc.assert(
    fc.asyncProperty(bytes, encodings, types, async (body, encoding, type) => {
      const { written } = await send(body, { 'content-encoding': encoding, 'content-type': type });
      expect(written).toBe(0);
    }),
    { ...seeds, numRuns: 200 }
  );
}, 300_000);

test('bombs, giants and abysses are refused', async () => {
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(50_000_000, 32)));
  const giant = JSON.stringify({ ...tablet.request([]), build: 'я'.repeat(maxBodyBytes) });
  const abyss = `${'['.repeat(90_000)}${']'.repeat(90_000)}`;
  const proto = JSON.stringify(tablet.request([])).replace('{', '{"__proto__":{"polluted":true},');
  for (const [body, headers] of [
    [bomb, { 'content-encoding': 'gzip' }],
    [giant, {}],
    [abyss, {}],
    [proto, {}]
  ] as const) {
    const { answer, status, written } = await send(body, headers);
    expect([answer.kind, status, written]).toEqual(['bad_request', 400, 0]);
  }
});
