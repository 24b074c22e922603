import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPacked, packRequest, tagOf, unpackAnswer } from '#domain/sync/codec.ts';
import {
  syncMediaType,
  syncRequestSchema,
  syncResponseSchema,
  type SyncResponse
} from '#domain/sync/protocol.ts';
import { PreparedStreams } from '#server/sync/prepared-streams.ts';
import { enrol, openTestCentre, TestDevice, type TestCentre } from '#server/sync/testing-centre.ts';
import * as v from 'valibot';
import { Turns } from '#server/sync/turns.ts';
import { pokeRoutes } from './pokes.ts';
import { limitRegistrations } from './registrations.ts';
import { syncRoutes } from './sync.ts';

let centre: TestCentre;
let tablet: TestDevice;
let office: TestDevice;

beforeEach(async () => {
  const prepared = new PreparedStreams({ stretchBytes: () => 1_000, leastRecords: 50, mostBytes: 100_000 });
  centre = await openTestCentre({ prepared });
  tablet = await enrol(centre, 'tablet', 'field', 'u1');
  office = await enrol(centre, 'office', 'coordinator', 'c1');
});
afterEach(() => centre.close());

function app() {
  return syncRoutes({
    service: centre.service,
    clock: () => centre.now,
    officeSession: (request) =>
      Promise.resolve(request.headers.get('cookie') === 'session=c1' ? 'c1' : undefined)
  });
}

function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  device = tablet
): Promise<Response> {
  const request = new Request('http://localhost/api/sync', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${device.secret}`, ...headers }
  });
  return Promise.resolve(app().request(request));
}

async function read(response: Response): Promise<SyncResponse> {
  expect(response.headers.get('content-type')).toBe(syncMediaType);
  return v.parse(syncResponseSchema, await response.json());
}

const mark = (k = 's1~p1') => [{ e: 'attendance', k, set: { status: 'present', at: 1 } }];

describe('POST /api/sync', () => {
  test('what a newer program tells of itself besides refuses no push', async () => {
    const request = tablet.request([tablet.operation(mark())]);
    const newer = { ...request, health: { persisted: true, later: 1 } };
    expect(await read(await post(JSON.stringify(newer)))).toMatchObject({ kind: 'ok', acks: [{ n: 1 }] });
    const row = await centre.storage.readSnapshot((snapshot) =>
      snapshot.device(centre.deps.centre, 'tablet')
    );
    expect(row?.health).toEqual({ persisted: true });
  });

  test('takes plain and packed bodies and packs a long answer', async () => {
    const ops = Array.from({ length: 40 }, (_, index) => tablet.operation(mark(`s1~p${index}`)));
    const body = new Uint8Array(gzipSync(JSON.stringify(tablet.request(ops))));
    const response = await post(body, { 'content-encoding': 'gzip', 'accept-encoding': 'gzip' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const text = gunzipSync(new Uint8Array(await response.arrayBuffer())).toString();
    expect(v.parse(syncResponseSchema, JSON.parse(text))).toMatchObject({
      kind: 'ok',
      acks: [{ n: 1, to: 40 }]
    });
    expect(await read(await post(JSON.stringify(tablet.request(ops))))).toMatchObject({ kind: 'ok' });
  });

  test.each([
    ['not JSON', '{', {}],
    ['a form', '{}', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no protocol', '{}', {}],
    ['an unknown key', '{"z":1,"surprise":1}', {}],
    ['a broken gzip stream', 'hello', { 'content-encoding': 'gzip' }],
    ['an unknown packing', 'hello', { 'content-encoding': 'br' }],
    ['endless nesting', '['.repeat(200_000) + ']'.repeat(200_000), {}]
  ])('answers «bad request» to %s', async (_name, body, headers) => {
    const response = await post(body, headers);
    expect(response.status).toBe(400);
    expect(await read(response)).toMatchObject({ kind: 'bad_request', z: 1 });
  });

  test('understands the compact form, answers in it, and asks for full ids when a name is not known', async () => {
    const first = tablet.operation([{ e: 'person', k: 'p1', set: { surname: 'Ёлкина', name: 'Анна' } }]);
    await tablet.ok([first]);
    const ops = [tablet.operation(mark('s1~p1')), tablet.operation(mark('s1~p2'))];
    const request = v.parse(syncRequestSchema, tablet.request(ops));
    const send = async (seq: number): Promise<SyncResponse> => {
      const names = new Map([['p1', { type: 'person', seq, tag: tagOf('p1') }]]);
      const response = await post(JSON.stringify(packRequest(request, names)));
      const json: unknown = await response.json();
      if (!isPacked(json)) throw new Error('a plain answer');
      const begun = unpackAnswer(json, request, 1_000_000);
      const finished = begun.ok ? begun.value.finish(begun.value.names.map(() => 'p1')) : begun;
      return v.parse(syncResponseSchema, finished.ok ? finished.value : undefined);
    };
    expect(await send(7)).toEqual({ kind: 'unknown_names', z: 1 });
    expect(await send(1)).toMatchObject({ kind: 'ok', acks: [{ o: 'applied', n: 2, to: 3 }] });
    // The log holds full ids: the same operations in plain JSON are a repeat, not a fork.
    expect(await read(await post(JSON.stringify(request)))).toMatchObject({
      kind: 'ok',
      acks: [{ n: 2, to: 3, repeat: true }]
    });
  });

  test('gives a large stream in parts to whoever knows them, and whole to every other program', async () => {
    const ops = Array.from({ length: 60 }, (_, number) =>
      tablet.operation([{ e: 'person', k: `p${number}`, set: { surname: 'Ёлкина', name: String(number) } }])
    );
    await tablet.ok(ops, { cursors: {} });
    const request = v.parse(syncRequestSchema, {
      ...tablet.request([]),
      cursors: {},
      head: null,
      epoch: null
    });
    const { z, p } = packRequest(request) as { readonly z: number; readonly p: readonly unknown[] };
    const gzip = { 'accept-encoding': 'gzip' };
    const give = async (form: unknown, headers: Record<string, string>) => {
      const response = await post(JSON.stringify(form), headers);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const isPackedUp = response.headers.get('content-encoding') === 'gzip';
      const json: unknown = JSON.parse((isPackedUp ? gunzipSync(bytes) : Buffer.from(bytes)).toString());
      const begun = isPacked(json) ? unpackAnswer(json, request, 1_000_000) : undefined;
      const finished = begun?.ok === true ? begun.value.finish([]) : undefined;
      const answer = v.parse(syncResponseSchema, finished?.ok === true ? finished.value : json);
      const inParts = isPacked(json) && Object.hasOwn(json.p as object, 'c');
      return { inParts, streams: answer.kind === 'ok' ? answer.streams : [] };
    };
    const { streams } = await give(request, {});
    expect(streams.find(({ stream }) => stream === 'people')?.rows).toHaveLength(60);
    for (const headers of [gzip, gzip, {}])
      expect(await give({ z, p }, headers)).toEqual({ inParts: true, streams });
    for (const form of [{ z, p: p.slice(0, -1) }, packRequest(request, undefined, false)])
      expect(await give(form, gzip)).toEqual({ inParts: false, streams });
  });

  test('does not repeat to a device what it has just sent, unless its program knows of no echoes', async () => {
    await office.ok([office.operation(mark('s1~p0'), { w: centre.now + 60_000 })]);
    const send = async (names: readonly string[], shape: (p: readonly unknown[]) => readonly unknown[]) => {
      const ops = names.map((name) => tablet.operation(mark(`s1~${name}`), { w: centre.now - 5_250 }));
      const request = v.parse(syncRequestSchema, tablet.request(ops));
      const { z, p } = packRequest(request) as { readonly z: number; readonly p: readonly unknown[] };
      const response = await post(JSON.stringify({ z, p: shape(p) }));
      const json: unknown = await response.json();
      const begun = isPacked(json) ? unpackAnswer(json, request, 1_000_000) : undefined;
      const finished = begun?.ok === true ? begun.value.finish([]) : undefined;
      const answer = v.parse(syncResponseSchema, finished?.ok === true ? finished.value : json);
      if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer));
      tablet.epoch = answer.epoch;
      tablet.head = answer.head;
      for (const { stream, to } of answer.streams) tablet.cursors[stream] = to;
      const echoes = isPacked(json) ? (json.p as { readonly e?: readonly unknown[] }).e?.slice(1) : undefined;
      return { echoes, rows: answer.streams.flatMap(({ rows }) => rows) };
    };
    const whole = (p: readonly unknown[]) => p;
    const first = await send(['p0', 'p1', 'p2'], whole);
    // What another device has written of the first one stands beside.
    expect(first.echoes).toEqual([[2, 2, ['d', 1, 1], ['d', 1, 1], expect.any(Number), 0]]);
    const second = await send(['p3', 'p4'], (p) => p.slice(0, -1));
    expect(second.echoes).toBeUndefined();
    const third = await send(['p5'], whole);
    expect(third.echoes).toHaveLength(1);
    const all = await read(await post(JSON.stringify(tablet.request([], { cursors: {}, head: null }))));
    const stands = all.kind === 'ok' ? all.streams.flatMap(({ rows }) => rows) : [];
    expect(stands).toHaveLength(6);
    expect(
      [...first.rows, ...second.rows, ...third.rows].sort((left, right) => left.seq - right.seq)
    ).toEqual(stands);
  });

  test('drops a body that unpacks to more than it may', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(60_000_000)));
    expect(bomb.byteLength).toBeLessThan(100_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await read(await post(bomb, { 'content-encoding': 'gzip' }))).toMatchObject({
      kind: 'bad_request',
      detail: 'body: too_large'
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
  });

  test('knows nobody without the right secret', async () => {
    const body = JSON.stringify(tablet.request([tablet.operation(mark())]));
    for (const authorization of ['', 'Bearer wrong-secret-0123456789', 'Basic abc']) {
      const response = await post(body, { authorization });
      expect(response.status).toBe(401);
      expect(await read(response)).toEqual({ kind: 'sign_in', z: 1, reason: 'unknown' });
    }
  });

  test('gives pages to an office device only with its own sign-in', async () => {
    const body = JSON.stringify(office.request([]));
    expect(await read(await post(body, {}, office))).toMatchObject({ kind: 'sign_in', reason: 'signed_out' });
    expect(await read(await post(body, { cookie: 'session=c1' }, office))).toMatchObject({ kind: 'ok' });
  });

  test('registers a respondent by the link of a campaign at its first push', async () => {
    await office.ok([
      office.operation([{ e: 'campaign', k: 'c1', set: { title: 'Опрос', link: 'abcdef123456' } }])
    ]);
    const phone = new TestDevice(centre, 'phone', 'link');
    const set = { campaign: 'c1', form: 'f1', version: 1, answers: { a: 1 } };
    const body = JSON.stringify(phone.request([phone.operation([{ e: 'response', k: 'r1', set }])]));
    const link = { 'x-zimnik-link': 'abcdef123456' };
    expect(await read(await post(body, { 'x-zimnik-link': 'abcdef123457' }, phone))).toMatchObject({
      kind: 'sign_in'
    });
    expect(await read(await post(body, link, phone))).toMatchObject({
      kind: 'ok',
      acks: [{ o: 'applied', n: 1 }]
    });
    const again = await read(await post(body, {}, phone));
    expect(again).toMatchObject({ kind: 'ok', acks: [{ n: 1, repeat: true }] });
    if (again.kind === 'ok') expect(again.streams.map(({ stream }) => stream)).toEqual(['own/phone']);
    const refused = { o: 'refused', reason: 'forbidden' };
    const others = ['response', 'contact'].map((e) =>
      phone.operation([{ e, k: `other-${e}`, set: { campaign: 'c2' } }])
    );
    const moved = phone.operation([{ e: 'response', k: 'r1', set: { campaign: 'c2' } }]);
    const contact = { name: 'Анна', phone: '+79120000000', consentTextVersion: '1' };
    const kept = phone.operation([{ e: 'contact', k: 'k1', set: contact }]);
    const strange = JSON.stringify(phone.request([...others, moved, kept]));
    expect(await read(await post(strange, {}, phone))).toMatchObject({
      kind: 'ok',
      acks: [
        { n: 2, ...refused },
        { n: 3, ...refused },
        { n: 4, ...refused },
        { n: 5, o: 'applied' }
      ]
    });
    const thief = new TestDevice(centre, 'phone', 'link');
    Object.assign(thief, { secret: 'another-secret-0123456789' });
    expect(await read(await post(body, link, thief))).toMatchObject({ kind: 'sign_in', reason: 'unknown' });
  });
});

test('one link registers a club of phones at once, the next ones of that address a little later, other villages as before', async () => {
  await office.ok([
    office.operation([{ e: 'campaign', k: 'c1', set: { title: 'Опрос', link: 'abcdef123456' } }])
  ]);
  const routes = syncRoutes({
    service: centre.service,
    clock: () => centre.now,
    officeSession: () => Promise.resolve(undefined),
    registrations: limitRegistrations({
      clock: () => centre.now,
      hashing: centre.deps.hashing,
      trustProxy: true
    })
  });
  const phones = new Map<string, TestDevice>();
  const answerOf = async (name: string, village: string): Promise<SyncResponse> => {
    const phone = phones.get(name) ?? new TestDevice(centre, name, 'link');
    phones.set(name, phone);
    phone.n = 0;
    const set = { campaign: 'c1', form: 'f1', version: 1, answers: { a: 1 } };
    const body = JSON.stringify(phone.request([phone.operation([{ e: 'response', k: `r-${name}`, set }])]));
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${phone.secret}`,
      'x-zimnik-link': 'abcdef123456',
      'x-forwarded-for': village
    };
    return read(await routes.request('http://localhost/api/sync', { method: 'POST', body, headers }));
  };
  for (let index = 0; index < 200; index++)
    expect((await answerOf(`phone${index}`, '10.0.0.1')).kind).toBe('ok');
  const early = await answerOf('late-phone', '10.0.0.1');
  expect(early.kind).toBe('slow_down');
  // Whoever is registered already, and whoever comes from elsewhere, waits for nobody.
  expect(await answerOf('phone7', '10.0.0.1')).toMatchObject({ kind: 'ok', acks: [{ repeat: true }] });
  expect((await answerOf('far-phone', '10.0.0.2')).kind).toBe('ok');
  centre.now += early.kind === 'slow_down' ? early.after : 0;
  expect(await answerOf('late-phone', '10.0.0.1')).toMatchObject({ kind: 'ok', acks: [{ o: 'applied' }] });
});

describe('GET /api/pokes', () => {
  test('begins with the head, tells every commit, counts its connections and ends at shutdown', async () => {
    const shutdown = new AbortController();
    const { storage, hashing, pokes } = centre.deps;
    const routes = pokeRoutes({
      storage,
      centre: 'centre',
      hashing,
      pokes,
      shutdown: shutdown.signal,
      maxConnections: 1
    });
    const get = (secret: string) =>
      Promise.resolve(routes.request('/api/pokes', { headers: { authorization: `Bearer ${secret}` } }));
    expect((await get('wrong-secret-0123456789')).status).toBe(401);
    const response = await get(tablet.secret);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect((await get(tablet.secret)).status).toBe(503);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('"seq":0');
    await tablet.ok([tablet.operation(mark())]);
    expect((await reader?.read())?.value).toContain('"seq":1');
    shutdown.abort();
    expect((await reader?.read())?.done).toBe(true);
    expect((await get(tablet.secret)).status).toBe(503);
  });
});

test('who would wait too long is asked to come later, in either form; nothing is done', async () => {
  const { clock } = centre.deps;
  const turns = new Turns({ atOnce: 1, mono: clock, random: () => 0, afterOthers: setImmediate });
  // As many as wait half a second.
  for (let index = 0; index < 26; index++) void turns.take(`busy-${index}`);
  const crowded = syncRoutes({
    service: centre.service,
    clock,
    turns,
    officeSession: () => Promise.resolve(undefined)
  });
  const request = tablet.request([tablet.operation(mark())]);
  for (const form of [request, packRequest(v.parse(syncRequestSchema, request), undefined, false)]) {
    const answer = await crowded.request('/api/sync', {
      method: 'POST',
      body: JSON.stringify(form),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tablet.secret}` }
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await read(answer)).toEqual({ kind: 'slow_down', z: 1, after: 1_000 });
  }
  const row = await centre.storage.readSnapshot((snapshot) => snapshot.device('centre', tablet.id));
  expect(row?.lastN).toBe(0);
});
