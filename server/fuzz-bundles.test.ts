import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { CompactEncrypt, compactVerify } from 'jose';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionOf } from '#domain/records/registry.ts';
import { bundleMediaType, receiptAlgorithm, receiptSchema, type Receipt } from '#domain/sync/bundle.ts';
import type { LogRow } from '#server/storage/server-storage.ts';
import { revokeDevice } from './access/devices.ts';
import { openDiskStore } from './files/file-store.ts';
import { testPicture } from './files/testing-picture.ts';
import { courierKeysOf, type PrivateCourierKeys } from './sync/courier-keys.ts';
import { ensureCentre } from './sync/centre.ts';
import { newDevice } from './sync/authenticate.ts';
import { nodeHashing } from './sync/node-hashing.ts';
import { createSyncService } from './sync/sync-service.ts';
import { enrol, TestDevice } from './sync/testing-centre.ts';
import { verify } from './sync/verify.ts';
import { openTestApp, type TestApp } from './testing-app.ts';
import { hashOf, namedDrawing, namedPicture, placed } from './testing-hostile.ts';
import { bundleAttack, type BundleAttack, type Enclosed, type Item } from './testing-hostile-bundles.ts';

/** More of them, and others: `npm run fuzz -- --bundles N --seed S`. */
const bundles = Number(process.env['ZIMNIK_FUZZ_BUNDLES'] ?? 250);
const seed = Number(process.env['ZIMNIK_FUZZ_SEED'] ?? 20_251_124);
const reportFile = process.env['ZIMNIK_FUZZ_BUNDLES_REPORT'];
/** Drawn and checked together. */
const chunk = 200;

/** Stands in the other centre's records only. */
const canary = 'Канарейка-другого-центра';
/** A tablet that makes no files has sent its first half. */
const bystandersPicture = testPicture(2_000, 99);
const half = 1_000;

/** The tablets that may make files, with their users. */
const userOf: Readonly<Record<string, string>> = { tablet: 'u1', neighbour: 'u2' };

/** What real apps have sent. */
const recorded = readRecorded();

let world: TestApp;
let watched: { readonly version: () => string; readonly close: () => void };
let cookies: Readonly<Record<string, string>>;
let keys: PrivateCourierKeys;
let keysOfOther: PrivateCourierKeys;
let untouchable: string;
const devices = new Map<string, TestDevice>();
/** A number for everything that must not be there twice. */
let serial = 0;
/** What came of it all, so that nobody takes files that are all refused for a proof. */
const came = { taken: 0, refusedWhole: 0, applied: 0, refused: 0, files: 0, cutShort: 0 };

beforeAll(async () => {
  world = await openTestApp({ addressLimit: 1_000_000 });
  const { centre } = world;
  const user = await world.signIn('administrator');
  for (const [id, role, of] of [
    ['tablet', 'field', 'u1'],
    ['neighbour', 'field', 'u2'],
    ['bystander', 'field', 'u3'],
    ['revoked', 'field', 'u1'],
    ['respondent', 'respondent', 'link'],
    ['desk', 'administrator', user.user]
  ] as const)
    devices.set(id, await enrol(centre, id, role, of));
  await revokeDevice(centre.deps, 'revoked');
  // Long enough ago to bring nothing any more.
  await centre.storage.withTransaction(async (tx) => {
    const device = await tx.device('centre', 'revoked');
    if (device !== undefined) await tx.putDevice('centre', { ...device, revokedAt: 1 });
  });
  await fillOwnCentre();
  devices.set('of_other_centre', await fillOtherCentre());
  cookies = { coordinator: (await world.signIn('coordinator')).cookie, administrator: user.cookie };
  keys = await keysOf('centre');
  keysOfOther = await keysOf('other');
  untouchable = await whatTabletsMayNotWrite();
  watched = watch(['centre.sqlite', 'accounts.sqlite'].map((name) => join(centre.folder, name)));
});
afterAll(async () => {
  watched.close();
  await world.close();
});

function readRecorded(): readonly Readonly<Record<string, unknown>>[] {
  const folder = fileURLToPath(new URL('../e2e/old-clients', import.meta.url));
  return readdirSync(folder).flatMap((name) => {
    const { requests } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      readonly requests: readonly { readonly plain: { readonly ops: typeof recorded } }[];
    };
    return requests.flatMap(({ plain }) => plain.ops);
  });
}

async function fillOwnCentre(): Promise<void> {
  const [desk, tablet, bystander] = ['desk', 'tablet', 'bystander'].map(deviceOf);
  await desk?.ok([
    desk.operation([
      { e: 'campaign', k: 'wave', set: { title: 'Опрос', link: 'LinkOfTheCampaign01', state: 'open' } }
    ]),
    desk.operation([{ e: 'review', k: 'sheet~s1', set: { state: 'accepted', upTo: 1 } }]),
    desk.operation([{ e: 'project', k: 'p', set: { title: 'Проект' } }])
  ]);
  await tablet?.ok([
    tablet.operation([
      { e: 'photo', k: 'ph1', set: { of: 'sheet', target: 's1', file: hashOf(namedPicture) } },
      { e: 'attendance', k: 's1~p1', set: { status: 'present', signatureInk: hashOf(namedDrawing) } }
    ])
  ]);
  const file = hashOf(bystandersPicture);
  await bystander?.ok([
    bystander.operation([{ e: 'photo', k: 'ph2', set: { of: 'sheet', target: 's1', file } }])
  ]);
  const { files } = world.deps;
  await files.begin('bystander', file, 'image/jpeg', bystandersPicture.byteLength);
  await files.append('bystander', file, 0, bystandersPicture.subarray(0, half));
}

async function fillOtherCentre(): Promise<TestDevice> {
  const { deps, storage, now } = world.centre;
  const other = { ...deps, centre: 'other' };
  await ensureCentre(other);
  const stranger = new TestDevice(world.centre, 'stranger', 'u9');
  const { id, secret } = stranger;
  const secretHash = nodeHashing.sha256(secret);
  const device = { id, secretHash, role: 'field' as const, user: 'u9', name: '', createdAt: 1 };
  await storage.withTransaction((tx) => tx.putDevice('other', newDevice(device)));
  const ch = [{ e: 'person', k: 'p1', set: { surname: canary }, base: 0 }];
  const request = stranger.request([{ n: 1, w: now, c: 0, v: 1, by: 'u9', ch }]);
  expect(await createSyncService(other).exchange(request, { secret })).toMatchObject({ kind: 'ok' });
  return stranger;
}

async function keysOf(id: string): Promise<PrivateCourierKeys> {
  const centre = await world.centre.storage.readSnapshot((snapshot) => snapshot.centre(id));
  if (centre === undefined) throw new Error(`the centre ${id} was not made`);
  return courierKeysOf(centre.key);
}

function deviceOf(id: string): TestDevice {
  return devices.get(id) ?? new TestDevice(world.centre, 'unknown', 'u1');
}

/** Tells whether anybody committed anything to these databases since it was last asked. */
function watch(files: readonly string[]): typeof watched {
  const connections = files.map((file) => new Database(file, { readonly: true }));
  return {
    version: () => connections.map((each) => String(each.pragma('data_version', { simple: true }))).join(),
    close: () => connections.forEach((each) => each.close())
  };
}

/** Everything that no file of a tablet may change: what only the office writes, other devices, the other centre. */
function whatTabletsMayNotWrite(): Promise<string> {
  return world.centre.storage.readSnapshot(async (snapshot) => {
    const records = await snapshot.recordsAfter('centre', ['', ''], 100_000);
    const ofOffice = records.filter(
      ({ e }) => e !== 'problem' && e !== 'conflict' && definitionOf(e)?.writers.includes('field') !== true
    );
    const others = (await snapshot.devices('centre')).filter(({ id }) => !(id in userOf));
    return JSON.stringify([
      ofOffice,
      others,
      await snapshot.enrolments('centre'),
      await snapshot.erasedAfter('centre', 0),
      { ...(await snapshot.centre('other')), key: '' },
      await snapshot.recordsAfter('other', ['', ''], 100),
      await snapshot.devices('other')
    ]);
  });
}

/** A file as it is spelled, and what must arrive of it. */
interface Drawn {
  readonly content: Record<string, unknown>;
  /** Numbers of operations that nothing in the file can harm, if all of it is judged. */
  readonly good: readonly number[];
  /** Those of them before which nothing stands that may end the file. */
  readonly certain: ReadonlySet<number>;
  /** Of pictures that came whole with a good operation, the hash and the number of that operation. */
  readonly pictures: ReadonlyMap<string, number>;
}

async function draw(attack: BundleAttack): Promise<Drawn> {
  const device = deviceOf(attack.maker);
  const neighbour = deviceOf('neighbour');
  const stored = await world.centre.storage.readSnapshot((snapshot) => snapshot.device('centre', device.id));
  const first = (stored?.lastN ?? 0) + 1;
  let next = first;
  let isCertain = true;
  const ops: unknown[] = [];
  const good: number[] = [];
  const certain = new Set<number>();
  const pictures = new Map<string, number>();
  const attachments: unknown[] = attack.attachments.map((each) => enclose(each));
  const operation = (n: number, ch: readonly unknown[], by: string | null = null): unknown => ({
    n,
    w: world.centre.now,
    c: 0,
    v: 1,
    by: by ?? device.user,
    ch
  });
  const mustArrive = (ch: readonly unknown[]): number => {
    ops.push(operation(next, ch));
    good.push(next);
    if (isCertain) certain.add(next);
    next += 1;
    return next - 1;
  };
  for (const each of attack.items) {
    serial += 1;
    switch (each.kind) {
      case 'good':
        mustArrive([{ e: 'person', k: `own-${serial}`, set: { note: `v${serial}` }, base: 0 }]);
        break;
      case 'good_photo': {
        const bytes = testPicture(300, 1_000 + serial);
        const set = { of: 'event', target: 'e1', file: hashOf(bytes) };
        pictures.set(hashOf(bytes), mustArrive([{ e: 'photo', k: `photo-${serial}`, set, base: 0 }]));
        attachments.push(enclosedAs(hashOf(bytes), 'image/jpeg', bytes));
        break;
      }
      case 'fits':
        ops.push(operation(next, each.changes, each.by));
        next += 1;
        break;
      case 'recorded':
        ops.push({ ...recordedAt(each.at), n: next, by: each.by ?? device.user });
        next += 1;
        break;
      default: {
        // From here on the file may end early.
        isCertain = false;
        const [op, taken] = spoiled(each, next, first, device.user);
        ops.push(op);
        next += taken;
      }
    }
  }
  const secret = { own: device.secret, of_neighbour: neighbour.secret, wrong: 'x'.repeat(30) }[attack.secret];
  const content: Record<string, unknown> = {
    z: 1,
    kind: 'bundle',
    device: device.id,
    secret,
    madeAt: world.centre.now,
    epoch: null,
    head: null,
    ops,
    attachments,
    ...attack.told
  };
  return { content, good, certain, pictures };
}

function recordedAt(at: number): Readonly<Record<string, unknown>> {
  const found = recorded[at % recorded.length];
  if (found === undefined) throw new Error('nothing was recorded');
  return found;
}

/** An operation that is none, or may not stand here, and how many numbers it takes. */
function spoiled(each: Item, next: number, first: number, user: string): readonly [unknown, number] {
  switch (each.kind) {
    case 'spoiled':
      return [placed({ ...recordedAt(each.at), n: next, by: user }, each.place, each.value), 1];
    case 'anything':
      return [each.value, 1];
    case 'used_number': {
      const ch = [{ e: 'person', k: 'p1', set: { note: `other ${serial}` }, base: 0 }];
      const n = Math.max(1, next - 1 - each.back);
      return [{ n, w: 1, c: 0, v: 1, by: user, ch }, n === next ? 1 : 0];
    }
    case 'gap':
      return [{ n: next + each.over, w: 1, c: 0, v: 1, by: user, ch: [] }, 0];
    case 'lost':
      return [{ n: next, to: next + each.span - 1, lost: true }, Math.max(1, Math.min(each.span, 1_000_000))];
    default:
      throw new Error(`${each.kind} at ${first} is not spoiled`);
  }
}

function enclose({ what, bytes, mime }: Enclosed): unknown {
  const right = {
    named_picture: namedPicture,
    named_drawing: namedDrawing,
    bystanders_picture: bystandersPicture,
    unnamed: testPicture(300, 5)
  }[what];
  // Its right bytes nobody else has.
  const told = what === 'bystanders_picture' && bytes === 'right' ? 'other' : bytes;
  const sent = {
    right,
    other: testPicture(right.byteLength, 12),
    cut: right.subarray(0, right.byteLength >> 1),
    empty: new Uint8Array(0),
    no_picture: new Uint8Array(Buffer.from('<svg onload="alert(1)"/>'))
  }[told];
  return enclosedAs(hashOf(right), mime, sent);
}

function enclosedAs(sha256: string, mime: string, bytes: Uint8Array): unknown {
  return { sha256, mime, bytes: Buffer.from(bytes).toString('base64url') };
}

/** The file itself. */
async function lock(attack: BundleAttack, drawn: Drawn): Promise<string> {
  const content =
    attack.packing === 'bomb'
      ? bomb
      : packed(attack.packing, spelled(attack.spelling, wronged(attack, drawn)));
  const right = keys.published.encryption;
  const key =
    attack.lock === 'other_centre'
      ? keysOfOther.published.encryption
      : attack.lock === 'signing_key'
        ? keys.published.signing
        : right;
  const header = {
    alg: attack.lock === 'wrapped_key' ? 'ECDH-ES+A256KW' : 'ECDH-ES',
    enc: attack.lock === 'other_encryption' ? 'A128GCM' : 'A256GCM',
    ...(attack.lock === 'more_headers'
      ? { kid: '../../etc/passwd', jku: 'http://127.0.0.1:1/', typ: 'x' }
      : {})
  };
  return new CompactEncrypt(content).setProtectedHeader(header).encrypt(key);
}

function wronged({ wrong }: BundleAttack, { content }: Drawn): unknown {
  switch (wrong.kind) {
    case 'value':
      return placed(content, wrong.at, wrong.value);
    case 'more':
      return Object.fromEntries([...Object.entries(content), [wrong.key, wrong.value]]);
    case 'other':
      return wrong.value;
    default:
      return content;
  }
}

function spelled(spelling: BundleAttack['spelling'], content: unknown): string {
  const text = JSON.stringify(content) ?? 'null';
  switch (spelling) {
    case 'proto':
      return text.replace('{', '{"__proto__":{"polluted":true},');
    case 'NaN':
    case '1e400':
      return text.replace(/:\d+/, `:${spelling}`);
    case 'twice':
      return `${text}${text}`;
    case 'cut':
      return text.slice(0, text.length >> 1);
    case 'bom':
      return `\ufeff${text}`;
    default:
      return text;
  }
}

function packed(packing: BundleAttack['packing'], text: string): Uint8Array {
  const whole = gzipSync(text);
  switch (packing) {
    case 'plain':
      return Buffer.from(text);
    case 'twice':
      return gzipSync(whole);
    case 'cut':
      return whole.subarray(0, whole.length >> 1);
    case 'two_members':
      return Buffer.concat([whole, gzipSync('{}')]);
    default:
      return whole;
  }
}

const bomb = gzipSync(Buffer.alloc(130_000_000, 32));

/** Sends one file and gives what was wrong with what came of it; undefined = nothing. */
async function strike(attack: BundleAttack): Promise<string | undefined> {
  const { centre } = world;
  centre.now += 1_000;
  const drawn = await draw(attack);
  const body = await lock(attack, drawn);
  const cookie = cookies[attack.caller];
  const before = await position();
  const version = watched.version();
  const errors = world.errors.length;
  const response = await world.send('POST', '/api/bundles', {
    body,
    headers: { 'content-type': bundleMediaType },
    ...(cookie === undefined ? {} : { cookie }),
    ...(attack.caller === 'field' ? { secret: deviceOf('tablet').secret } : {})
  });
  const text = await response.text();
  const { status } = response;
  if (status >= 500) return `${status} ${text.slice(0, 300)} ${String(world.errors.at(-1))}`;
  if (world.errors.length > errors) return `an error was logged: ${String(world.errors.at(-1))}`;
  if (text.includes(canary)) return 'another centre speaks';
  if (Object.hasOwn(Object.prototype, 'polluted')) return 'the prototype is polluted';
  if (status >= 400) {
    came.refusedWhole += 1;
    return watched.version() === version ? undefined : `${status}, and something was written`;
  }
  if (cookie === undefined) return `${status} for somebody who is not of the office`;
  came.taken += 1;
  const answer = JSON.parse(text) as { readonly end: string; readonly receipt: string };
  const { payload } = await compactVerify(answer.receipt, keys.published.signing, {
    algorithms: [receiptAlgorithm]
  });
  const receipt = v.parse(receiptSchema, JSON.parse(new TextDecoder().decode(payload)));
  return (
    wrongInLog(await rowsAfter(before), receipt) ??
    wrongInOutcomes(drawn, attack, answer.end, receipt) ??
    (await wrongInFiles(drawn, receipt))
  );
}

async function position(): Promise<number> {
  return (await world.centre.storage.readSnapshot((snapshot) => snapshot.centre('centre')))?.seq ?? -1;
}

function rowsAfter(seq: number): Promise<readonly LogRow[]> {
  return world.centre.storage.readSnapshot((snapshot) => snapshot.log('centre', seq, 10_000));
}

/** Rows of nobody but the tablet whose file it was, and applied only what it may write. */
function wrongInLog(rows: readonly LogRow[], { device }: Receipt): string | undefined {
  for (const { seq, kind, device: author, by, outcome, changes } of rows) {
    const user = userOf[device];
    if (author !== device || user === undefined) return `seq ${seq}: a row of ${author}`;
    if (kind !== 'operation') return `seq ${seq}: ${kind}`;
    if (outcome !== 'applied' && outcome !== 'superseded') continue;
    if (by !== user) return `seq ${seq}: applied for ${by}`;
    for (const { e } of changes)
      if (definitionOf(e)?.writers.includes('field') !== true) return `seq ${seq}: a tablet wrote ${e}`;
  }
  return undefined;
}

/** Every good operation is applied, whatever stands beside it; no number has two outcomes. */
function wrongInOutcomes(
  { good, certain }: Drawn,
  { wrong, spelling }: BundleAttack,
  end: string,
  receipt: Receipt
): string | undefined {
  const outcomes = new Map<number, string>();
  for (const { n, to, o } of receipt.acks) {
    for (let each = n; each <= Math.min(to ?? n, n + 5_000); each++) {
      if (outcomes.has(each) && outcomes.get(each) !== o) return `${each} came to two ends`;
      outcomes.set(each, o);
    }
  }
  for (const o of outcomes.values()) {
    if (o === 'applied') came.applied += 1;
    if (o === 'refused') came.refused += 1;
  }
  if (end !== 'all') came.cutShort += 1;
  // Something else may stand in its place.
  if (wrong.kind !== 'nothing' || spelling !== 'right') return undefined;
  for (const n of good)
    if ((end === 'all' || certain.has(n)) && outcomes.get(n) !== 'applied')
      return `the good ${n} came to ${outcomes.get(n)}, end ${end}`;
  return undefined;
}

async function bytesOf(sha256: string): Promise<Uint8Array | undefined> {
  const { storage, folder } = world.centre;
  const [row, drawing] = await storage.readSnapshot(async (snapshot) => [
    await snapshot.attachment('centre', sha256),
    await snapshot.attachmentBytes('centre', sha256)
  ]);
  return row?.place === 'files' ? openDiskStore(join(folder, 'files')).read(sha256) : drawing;
}

/** What is told to be stored is there with its own bytes, and each whole picture of a good operation is told. */
async function wrongInFiles({ pictures }: Drawn, { files = [], acks }: Receipt): Promise<string | undefined> {
  for (const sha256 of files) {
    // Also what a refused operation names is kept, though no record shows it: what people wrote is kept whole.
    const bytes = await bytesOf(sha256);
    if (bytes === undefined || hashOf(bytes) !== sha256) return `${sha256} is told and not there`;
    came.files += 1;
  }
  const applied = (n: number): boolean =>
    acks.some((ack) => ack.o === 'applied' && ack.n <= n && n <= (ack.to ?? ack.n));
  for (const [sha256, n] of pictures) {
    if (!applied(n) || files.includes(sha256)) continue;
    return `the picture of ${n} was not taken`;
  }
  const untouched = await world.deps.files.state('bystander', hashOf(bystandersPicture));
  if (!untouched.ok || untouched.value.received !== half) return 'the upload of a bystander was disturbed';
  return undefined;
}

test(
  'files that the centre can open and that mean harm write nothing that they may not, and harm nothing beside them',
  async () => {
    const failures: string[] = [];
    for (let done = 0; done < bundles; done += chunk) {
      const drawn = fc.sample(bundleAttack, { seed: seed + done, numRuns: Math.min(chunk, bundles - done) });
      for (const each of drawn) {
        const failure = await strike(each).catch((error: unknown) =>
          error instanceof Error ? `thrown: ${error.stack ?? error.message}` : `thrown: ${String(error)}`
        );
        if (failure !== undefined) failures.push(`${JSON.stringify(each).slice(0, 3_000)}\n  ${failure}`);
      }
      if ((await whatTabletsMayNotWrite()) !== untouchable)
        failures.push(`what no tablet may write was written before ${seed + done + chunk}`);
    }
    if (reportFile !== undefined)
      writeFileSync(reportFile, JSON.stringify({ passed: bundles - failures.length, failures, came }));
    expect(failures.slice(0, 5)).toEqual([]);
    // Otherwise nothing was proved.
    for (const [what, times] of Object.entries(came)) expect(times, what).toBeGreaterThan(bundles / 100);

    const { storage } = world.centre;
    expect((await verify(storage, 'centre', nodeHashing)).findings).toEqual([]);
    const { files } = world.deps;
    const rest = bystandersPicture.subarray(half);
    expect(await files.append('bystander', hashOf(bystandersPicture), half, rest)).toMatchObject({
      ok: true
    });
    const healthy = await enrol(world.centre, 'healthy', 'field', 'u2');
    const answer = await healthy.ok([
      healthy.operation([{ e: 'person', k: 'p60', set: { surname: 'Иванова' } }])
    ]);
    expect(answer.acks).toMatchObject([{ o: 'applied', n: 1 }]);
  },
  24 * 3_600_000
);
