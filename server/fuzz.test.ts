import Database from 'better-sqlite3';
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { revokeDevice } from './access/devices.ts';
import { createEnrolment } from './access/enrolments.ts';
import { nodeHashing } from './sync/node-hashing.ts';
import { ensureCentre } from './sync/centre.ts';
import { createSyncService } from './sync/sync-service.ts';
import { enrol, TestDevice } from './sync/testing-centre.ts';
import { verify } from './sync/verify.ts';
import { newDevice } from './sync/authenticate.ts';
import { openTestApp, type TestApp } from './testing-app.ts';
import { attack, hashOf, namedDrawing, namedPicture, spell, type Attack } from './testing-hostile.ts';

/** More of them, and others: `npm run fuzz -- --requests N --seed S`. */
const requests = Number(process.env['ZIMNIK_FUZZ_REQUESTS'] ?? 2_500);
const seed = Number(process.env['ZIMNIK_FUZZ_SEED'] ?? 20_251_124);
const reportFile = process.env['ZIMNIK_FUZZ_REQUESTS_REPORT'];
/** Drawn and checked together. */
const chunk = 500;

/** Stands in the other centre's records only. */
const canary = 'Канарейка-другого-центра';
const link = 'LinkOfTheCampaign01';

let world: TestApp;
let watched: { readonly version: () => string; readonly close: () => void };
let secrets: Readonly<Record<string, string>>;
let cookies: Readonly<Record<string, string>>;
const devices = new Map<string, TestDevice>();
let code = '';

beforeAll(async () => {
  world = await openTestApp({ addressLimit: 1_000_000 });
  const { centre } = world;
  const tablet = await enrol(centre, 'tablet', 'field', 'u1');
  const lost = await enrol(centre, 'lost-tablet', 'field', 'u1');
  const phone = await enrol(centre, 'phone', 'respondent', 'link');
  await revokeDevice(centre.deps, lost.id);
  for (const device of [tablet, lost, phone]) devices.set(device.id, device);
  const office = await world.signIn('administrator');
  const desk = await enrol(centre, 'desk', 'administrator', office.user);
  await desk.ok([
    desk.operation([{ e: 'campaign', k: 'wave', set: { title: 'Опрос', link, state: 'open' } }])
  ]);
  devices.set(desk.id, desk);
  await tablet.ok([
    tablet.operation([
      { e: 'photo', k: 'photo-1', set: { of: 'sheet', target: 's1', file: hashOf(namedPicture) } },
      { e: 'attendance', k: 's1~p1', set: { signatureInk: hashOf(namedDrawing) } }
    ])
  ]);
  const foreign = await fillOtherCentre();
  secrets = {
    field: tablet.secret,
    revoked: lost.secret,
    respondent: phone.secret,
    foreign,
    desk: desk.secret,
    garbage: '\u00ff bad'
  };
  cookies = {
    coordinator: (await world.signIn('coordinator')).cookie,
    administrator: office.cookie,
    desk: office.cookie
  };
  code = (await createEnrolment(centre.deps, { user: 'u1', deviceName: 'Планшет № 2' })).code;
  watched = watch(['centre.sqlite', 'accounts.sqlite'].map((name) => join(centre.folder, name)));
});
afterAll(async () => {
  watched.close();
  await world.close();
});

async function fillOtherCentre(): Promise<string> {
  const { deps, storage, now } = world.centre;
  const other = { ...deps, centre: 'other' };
  await ensureCentre(other);
  const secret = 'secret-of-the-other-centre';
  const secretHash = nodeHashing.sha256(secret);
  const device = { id: 'stranger', secretHash, role: 'field' as const, user: 'u9', name: '', createdAt: 1 };
  await storage.withTransaction((tx) => tx.putDevice('other', newDevice(device)));
  const stranger = new TestDevice(world.centre, 'stranger', 'u9');
  const ch = [{ e: 'person', k: 'p1', set: { surname: canary }, base: 0 }];
  const request = stranger.request([{ n: 1, w: now, c: 0, v: 1, by: 'u9', ch }]);
  expect(await createSyncService(other).exchange(request, { secret })).toMatchObject({ kind: 'ok' });
  return secret;
}

/** Tells whether anybody committed anything to these databases since it was last asked. */
function watch(files: readonly string[]): typeof watched {
  const connections = files.map((file) => new Database(file, { readonly: true }));
  return {
    version: () => connections.map((each) => String(each.pragma('data_version', { simple: true }))).join(),
    close: () => connections.forEach((each) => each.close())
  };
}

/** What the route takes when nothing is wrong. */
async function rightBody({ route, caller, push }: Attack): Promise<unknown> {
  const person = { name: 'Анна', email: 'anna@example.org', password: 'winter road 7' };
  switch (route) {
    case 'POST /api/sync':
      return exchangeOf(caller, push);
    case 'POST /api/sign-in':
      return { email: 'person-0@example.org', password: 'guessed' };
    case 'POST /api/password':
      return { present: 'guessed', next: 'winter road 8' };
    case 'POST /api/setup':
      return { code: 'guessed', centreName: 'Ц', timeZone: 'Asia/Yekaterinburg', administrator: person };
    case 'POST /api/users':
      return { ...person, role: 'coordinator' };
    case 'POST /api/enrolments':
      return { user: 'u1', deviceName: 'Планшет № 3', holderPhone: '+7 900 000-00-00' };
    case 'POST /api/enrol':
      return { code };
    case 'PATCH /api/uploads/:sha256':
      return namedPicture;
    case 'PUT /api/attachments/:sha256':
      return namedDrawing;
    case 'POST /api/devices/office':
      return { name: 'Компьютер' };
    default:
      return { token: 'guessed' };
  }
}

/** What the route asks for in headers. */
function rightHeaders({ route, mediaType }: Attack): Readonly<Record<string, string>> {
  const told = (text: string): string => Buffer.from(text).toString('base64');
  switch (route) {
    case 'POST /api/uploads':
      return {
        'tus-resumable': '1.0.0',
        'upload-length': String(namedPicture.byteLength),
        'upload-metadata': `sha256 ${told(hashOf(namedPicture))},filetype ${told('image/jpeg')}`
      };
    case 'PATCH /api/uploads/:sha256':
      return {
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': mediaType === 'application/json' ? 'application/offset+octet-stream' : mediaType
      };
    case 'GET /api/uploads/:sha256':
      return { 'tus-resumable': '1.0.0' };
    case 'PUT /api/attachments/:sha256':
      return { 'content-type': mediaType === 'application/json' ? 'image/svg+xml' : mediaType };
    default:
      return {};
  }
}

/** The same with one of them wrong. */
function headersOf(given: Attack): Readonly<Record<string, string>> {
  const right = rightHeaders(given);
  const names = Object.keys(right);
  const name = given.header === null ? undefined : names[given.header.at % names.length];
  return name === undefined || given.header === null ? right : { ...right, [name]: given.header.value };
}

async function exchangeOf(caller: Attack['caller'], push: Attack['push']): Promise<unknown> {
  const ids = {
    field: 'tablet',
    revoked: 'lost-tablet',
    foreign: 'stranger',
    respondent: 'phone',
    desk: 'desk'
  };
  const id = (ids as Readonly<Record<string, string>>)[caller];
  const device = devices.get(id ?? '') ?? new TestDevice(world.centre, id ?? `new-${push.from + 10}`, 'link');
  const stored = await world.centre.storage.readSnapshot((snapshot) => snapshot.device('centre', device.id));
  const first = Math.max(1, (stored?.lastN ?? 0) + 1 + push.from);
  const wall = world.centre.now + push.clockMs;
  const ops = Array.from({ length: push.count }, (_, index) => ({
    n: first + index,
    w: wall,
    c: 0,
    v: 1,
    by: device.user,
    ch: [changeOf(push.about, first + index)]
  }));
  return device.request(ops, { now: wall });
}

function changeOf(about: Attack['push']['about'], number: number): unknown {
  const k = `p${number % 50}`;
  switch (about) {
    case 'person':
      return { e: 'person', k, set: { note: `v${number}` }, base: 0 };
    case 'photo':
      return {
        e: 'photo',
        k: `photo-${number % 5}`,
        set: { of: 'person', target: k, file: hashOf(namedPicture) },
        base: 0
      };
    case 'erasure':
      return {
        e: 'erasure',
        k,
        set: { ground: 'withdrawal', requestedOn: '2026-11-20', request: '12' },
        base: 0
      };
  }
}

/** Sends one attack and gives what was wrong with the answer; undefined = nothing. */
async function strike(given: Attack): Promise<string | undefined> {
  world.centre.now += 1_000;
  const [method = '', pattern = ''] = given.route.split(' ');
  const path = pattern.replace(/:\w+/g, given.parameter);
  const spelled = method === 'GET' ? undefined : spell(given, await rightBody(given));
  const secret = given.caller === 'new_phone' ? 'secret-of-a-new-phone-0123' : secrets[given.caller];
  const cookie = cookies[given.caller];
  const before = watched.version();
  const errors = world.errors.length;
  const response = await world.send(method, path, {
    ...(cookie === undefined ? {} : { cookie }),
    headers: {
      ...spelled?.headers,
      ...headersOf(given),
      ...(secret === undefined ? {} : { authorization: `Bearer ${encodeURIComponent(secret)}` }),
      ...(given.caller === 'new_phone' ? { 'x-zimnik-link': link } : {})
    },
    ...(spelled === undefined ? {} : { body: spelled.body })
  });
  const text = isStream(response) ? '' : await response.text();
  if (isStream(response)) await response.body?.cancel();
  const { status } = response;
  if (status >= 500) return `${status} ${text.slice(0, 300)} ${String(world.errors.at(-1))}`;
  if (world.errors.length > errors) return `an error was logged: ${String(world.errors.at(-1))}`;
  if (text.includes(canary)) return 'another centre speaks';
  if (Object.hasOwn(Object.prototype, 'polluted')) return 'the prototype is polluted';
  // A file that came whole and is another one is thrown away: it begins anew.
  const isThrownAway = given.route.startsWith('PATCH') && text.includes('hash_mismatch');
  if (status >= 400 && !isThrownAway && watched.version() !== before)
    return `${status}, and something was written`;
  if (status >= 400 && path.startsWith('/api/') && text === '' && status !== 401 && status !== 403)
    return `${status} says nothing`;
  return undefined;
}

function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') === true;
}

test(
  'whatever is sent to any route is answered, refused ones write nothing, and nobody else is harmed',
  async () => {
    const failures: string[] = [];
    for (let done = 0; done < requests; done += chunk) {
      const drawn = fc.sample(attack, { seed: seed + done, numRuns: Math.min(chunk, requests - done) });
      for (const each of drawn) {
        const failure = await strike(each).catch((error: unknown) => `thrown: ${String(error)}`);
        if (failure !== undefined) failures.push(`${JSON.stringify(each).slice(0, 1_500)}\n  ${failure}`);
      }
    }
    if (reportFile !== undefined)
      writeFileSync(reportFile, JSON.stringify({ passed: requests - failures.length, failures }));
    expect(failures.slice(0, 5)).toEqual([]);

    const { storage } = world.centre;
    expect((await verify(storage, 'centre', nodeHashing)).findings).toEqual([]);
    const other = await storage.readSnapshot((snapshot) => snapshot.centre('other'));
    expect(other?.seq).toBe(1);
    const healthy = await enrol(world.centre, 'healthy', 'field', 'u2');
    const answer = await healthy.ok([
      healthy.operation([{ e: 'person', k: 'p60', set: { surname: 'Иванова' } }])
    ]);
    expect(answer.acks).toMatchObject([{ o: 'applied', n: 1 }]);
  },
  24 * 3_600_000
);
