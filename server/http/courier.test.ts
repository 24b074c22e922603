import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CompactEncrypt, compactVerify } from 'jose';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  bundleMediaType,
  courierKeysSchema,
  receiptSchema,
  type Bundle,
  type CourierKeys
} from '#domain/sync/bundle.ts';
import { testPicture } from '#server/files/testing-picture.ts';
import { courierKeysOf } from '#server/sync/courier-keys.ts';
import { enrol, type TestDevice } from '#server/sync/testing-centre.ts';
import { openTestApp, type TestApp } from '#server/testing-app.ts';

let world: TestApp;
let tablet: TestDevice;
let cookie: string;
let keys: CourierKeys;

beforeEach(async () => {
  world = await openTestApp();
  tablet = await enrol(world.centre, 'tablet', 'field', 'kristina');
  cookie = (await world.signIn('coordinator')).cookie;
  const answer = await world.send('GET', '/api/courier-keys');
  keys = v.parse(courierKeysSchema, await answer.json());
});
afterEach(() => world.close());

function bundle(ops: readonly unknown[], more: Partial<Bundle> = {}): Bundle {
  const { id: device, secret, now: madeAt } = tablet;
  return {
    z: 1,
    kind: 'bundle',
    device,
    secret,
    madeAt,
    epoch: null,
    head: null,
    ops: [...ops],
    attachments: [],
    ...more
  };
}

const locked = (content: Uint8Array, key = keys.encryption): Promise<string> =>
  new CompactEncrypt(content).setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' }).encrypt(key);
const packed = (content: unknown): Uint8Array => gzipSync(JSON.stringify(content));
const send = (body: string): Promise<Response> =>
  world.send('POST', '/api/bundles', { cookie, body, headers: { 'content-type': bundleMediaType } });
const logLength = async (): Promise<number> =>
  (await world.deps.storage.readSnapshot((snapshot) => snapshot.log(world.deps.centre, 0, 100))).length;

test('a file is taken with its signatures, and the receipt is proved by the published key', async () => {
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1l5 5"/></svg>';
  const sha256 = createHash('sha256').update(drawing).digest('hex');
  const set = { status: 'present', at: 1, signature: 'screen', signatureInk: sha256 };
  const op = tablet.operation([{ e: 'attendance', k: 's1~p1', set }]);
  const unnamed = createHash('sha256').update('other').digest('hex');
  const attachments = [
    { sha256, mime: 'image/svg+xml', bytes: Buffer.from(drawing).toString('base64url') },
    { sha256: unnamed, mime: 'image/svg+xml', bytes: Buffer.from('other').toString('base64url') }
  ];
  const answer = await send(await locked(packed(bundle([op], { attachments }))));
  expect(answer.status).toBe(200);
  const taken = (await answer.json()) as { receipt: string };
  expect(taken).toMatchObject({
    device: { id: 'tablet', user: 'kristina' },
    end: 'all',
    counts: { taken: 1, known: 0, held: 0, refused: 0 },
    attachments: { stored: 1, refused: 1 }
  });
  const { payload } = await compactVerify(taken.receipt, keys.signing, { algorithms: ['ES256'] });
  const receipt = v.parse(receiptSchema, JSON.parse(new TextDecoder().decode(payload)));
  expect(receipt).toMatchObject({ device: 'tablet', acks: [{ o: 'applied', n: 1, seq: 1 }] });
  const stored = await world.send('GET', `/api/attachments/${sha256}`, { cookie });
  expect(await stored.text()).toBe(drawing);
});

test('photos come with the file, are proved like any other, and the receipt names what is there now', async () => {
  const picture = testPicture(5_000);
  const sha256 = createHash('sha256').update(picture).digest('hex');
  const broken = createHash('sha256').update('no picture').digest('hex');
  const ops = [sha256, broken].map((file, index) =>
    tablet.operation([{ e: 'photo', k: `photo-${index}`, set: { of: 'event', target: 'e1', file } }])
  );
  const attachments = [
    { sha256, mime: 'image/jpeg', bytes: Buffer.from(picture).toString('base64url') },
    { sha256: broken, mime: 'image/jpeg', bytes: Buffer.from('no picture').toString('base64url') }
  ];
  const answer = await send(await locked(packed(bundle(ops, { attachments }))));
  const taken = (await answer.json()) as { receipt: string };
  expect(taken).toMatchObject({ counts: { taken: 2 }, attachments: { stored: 1, refused: 1 } });
  const { payload } = await compactVerify(taken.receipt, keys.signing, { algorithms: ['ES256'] });
  const receipt = v.parse(receiptSchema, JSON.parse(new TextDecoder().decode(payload)));
  expect(receipt.files).toEqual([sha256]);
  const stored = await world.send('GET', `/api/attachments/${sha256}`, { cookie });
  expect(stored.headers.get('content-type')).toBe('image/jpeg');
});

test('a file that is damaged, of another centre, too large inside or of another shape writes nothing', async () => {
  const op = tablet.operation([{ e: 'attendance', k: 's1~p1', set: { status: 'present' } }]);
  const whole = await locked(packed(bundle([op])));
  const middle = Math.floor(whole.length / 2);
  const changed = whole.slice(0, middle) + (whole[middle] === 'A' ? 'B' : 'A') + whole.slice(middle + 1);
  const other = courierKeysOf(new Uint8Array(32).fill(7)).published;
  const cases: readonly (readonly [string, string])[] = [
    ['', 'foreign_bundle'],
    ['no file of ours', 'foreign_bundle'],
    [whole.slice(0, -20), 'foreign_bundle'],
    [changed, 'foreign_bundle'],
    [await locked(packed(bundle([op])), other.encryption), 'foreign_bundle'],
    [await locked(Buffer.from('no gzip')), 'foreign_bundle'],
    [await locked(gzipSync(Buffer.alloc(130_000_000))), 'foreign_bundle'],
    [await locked(packed({ ...bundle([op]), z: 2 })), 'bad_request'],
    [await locked(packed(bundle([op], { secret: 'another-secret-0123456789' }))), 'unknown_device']
  ];
  for (const [body, error] of cases) {
    const answer = await send(body);
    expect(answer.status, error).toBeLessThan(500);
    expect(await answer.json()).toMatchObject({ error });
  }
  const plain = await world.send('POST', '/api/bundles', { cookie, json: bundle([op]) });
  expect(plain.status).toBe(415);
  expect(await logLength()).toBe(0);
});

test('the keys are the centre’s own: the same after a restart, other ones for another centre', () => {
  const key = new Uint8Array(32).fill(1);
  expect(courierKeysOf(key).published).toEqual(courierKeysOf(key).published);
  expect(courierKeysOf(key).published).not.toEqual(courierKeysOf(new Uint8Array(32).fill(2)).published);
  const { encryption, signing } = courierKeysOf(key).published;
  expect(encryption).not.toEqual(signing);
});
