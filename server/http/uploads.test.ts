import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFiles } from '#server/files/files.ts';
import { openDiskStore } from '#server/files/file-store.ts';
import { testPicture } from '#server/files/testing-picture.ts';
import { enrol, type TestDevice } from '#server/sync/testing-centre.ts';
import { openTestApp, type TestApp } from '#server/testing-app.ts';

let world: TestApp;
let tablet: TestDevice;
const picture = testPicture(40_000);
const sha256 = createHash('sha256').update(picture).digest('hex');
const path = `/api/uploads/${sha256}`;
const tus = { 'tus-resumable': '1.0.0' };

beforeEach(async () => {
  world = await openTestApp();
  tablet = await enrol(world.centre, 'tablet', 'field', 'kristina');
});
afterEach(() => world.close());

async function name(hash = sha256, more: Record<string, unknown> = {}): Promise<void> {
  const set = { of: 'sheet', target: 's1', file: hash, ...more };
  await tablet.ok([tablet.operation([{ e: 'photo', k: `photo-${hash.slice(0, 6)}`, set }])]);
}
function begin(
  length = picture.byteLength,
  hash = sha256,
  type = 'image/jpeg',
  { secret } = tablet
): Promise<Response> {
  const told = `sha256 ${Buffer.from(hash).toString('base64')},filetype ${Buffer.from(type).toString('base64')}`;
  return world.send('POST', '/api/uploads', {
    secret,
    headers: { ...tus, 'upload-length': String(length), 'upload-metadata': told }
  });
}
function patch(
  offset: number,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  at = path,
  { secret } = tablet
): Promise<Response> {
  return world.send('PATCH', at, {
    secret,
    body: bytes,
    headers: {
      ...tus,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      ...headers
    }
  });
}
const head = () => world.send('HEAD', path, { secret: tablet.secret, headers: tus });
const awaited = async (cookie: string): Promise<unknown> =>
  (await world.send('GET', '/api/awaited-files', { cookie })).json();

test('a picture comes in parts, is proved whole, and whoever reads its record opens it', async () => {
  const { cookie } = await world.signIn('coordinator');
  expect((await begin()).status).toBe(409);
  await name();
  expect(await awaited(cookie)).toEqual({ files: [sha256] });
  expect((await head()).status).toBe(404);
  const begun = await begin();
  expect([begun.status, begun.headers.get('location'), begun.headers.get('upload-offset')]).toEqual([
    201,
    path,
    '0'
  ]);
  expect((await patch(0, picture.subarray(0, 15_001))).headers.get('upload-offset')).toBe('15001');
  // Said twice, as after a lost answer: the same part is not added again.
  expect((await patch(0, picture.subarray(0, 15_001))).status).toBe(409);
  expect((await head()).headers.get('upload-offset')).toBe('15001');
  const known = (await begin()).headers;
  expect([known.get('upload-offset'), known.get('zimnik-seq')]).toEqual(['15001', null]);
  const poked: number[] = [];
  world.deps.pokes.subscribe((poke) => poked.push(poke.seq));
  const last = await patch(15_001, picture.subarray(15_001));
  expect([last.status, last.headers.get('upload-offset')]).toEqual([204, '40000']);
  expect(last.headers.get('zimnik-seq')).toBe('1');
  expect(poked).toEqual([1]);
  const whole = (await head()).headers;
  expect([whole.get('upload-offset'), whole.get('zimnik-seq')]).toEqual(['40000', '1']);
  expect(await awaited(cookie)).toEqual({ files: [] });
  const got = await world.send('GET', `/api/attachments/${sha256}`, { cookie });
  expect(got.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await got.arrayBuffer()).equals(picture)).toBe(true);
  const phone = await enrol(world.centre, 'phone', 'respondent', 'link');
  const foreign = await world.send('GET', `/api/attachments/${sha256}`, { secret: phone.secret });
  expect(foreign.status).toBe(404);
});

test('a link cut at any byte loses nothing that had arrived', async () => {
  await name();
  await begin();
  const listener = getRequestListener(world.app.fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => void listener(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let offset = 0;
  for (const more of [1, 2, 777, 12_345, 16_384, 1]) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const rest = picture.byteLength - offset;
    socket.write(
      `PATCH ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tablet.secret}\r\nTus-Resumable: 1.0.0\r\n` +
        `Upload-Offset: ${offset}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${rest}\r\n\r\n`
    );
    await new Promise((written) => socket.write(picture.subarray(offset, offset + more), written));
    socket.end();
    offset += more;
    await expect
      .poll(async () => (await head()).headers.get('upload-offset'), { interval: 5, timeout: 5_000 })
      .toBe(String(offset));
    socket.destroy();
  }
  server.close();
  expect((await patch(offset, picture.subarray(offset))).headers.get('upload-offset')).toBe('40000');
});

test('what is not the picture that was announced is thrown away and may be sent again', async () => {
  await name();
  await begin();
  const other = Buffer.from(picture);
  other[9_000] = (other[9_000] ?? 0) ^ 1;
  const bad = await patch(0, new Uint8Array(other));
  expect([bad.status, await bad.json()]).toMatchObject([400, { error: 'hash_mismatch' }]);
  expect((await head()).status).toBe(404);
  const text = new TextEncoder().encode('no picture at all');
  const hash = createHash('sha256').update(text).digest('hex');
  await name(hash);
  expect((await begin(text.byteLength, hash)).status).toBe(201);
  const noPicture = await patch(0, text, {}, `/api/uploads/${hash}`);
  expect(await noPicture.json()).toMatchObject({ error: 'unsafe_picture' });
  expect((await begin()).status).toBe(201);
  expect((await patch(0, picture)).status).toBe(204);
});

test('a device that sends other bytes under the hash of somebody’s picture disturbs nobody', async () => {
  await name();
  await begin();
  await patch(0, picture.subarray(0, 15_001));
  const other = await enrol(world.centre, 'other', 'field', 'mallory');
  expect((await begin(40_000, sha256, 'image/jpeg', other)).headers.get('upload-offset')).toBe('0');
  const bad = await patch(0, testPicture(40_000, 2), {}, path, other);
  expect(await bad.json()).toMatchObject({ error: 'hash_mismatch' });
  expect((await begin(7, sha256, 'image/jpeg', other)).status).toBe(201);
  expect((await head()).headers.get('upload-offset')).toBe('15001');
  expect((await patch(15_001, picture.subarray(15_001))).headers.get('upload-offset')).toBe('40000');
  // Whoever has the link of a survey has a device: it sends no pictures at all.
  const phone = await enrol(world.centre, 'phone', 'respondent', 'link');
  expect((await begin(40_000, sha256, 'image/jpeg', phone)).status).toBe(403);
});

test('the protocol is tus 1.0: versions, sizes, types and checksums are looked at', async () => {
  await name();
  const options = await world.send('OPTIONS', '/api/uploads');
  expect(options.headers.get('tus-version')).toBe('1.0.0');
  expect(options.headers.get('tus-extension')).toContain('checksum');
  const old = await world.send('HEAD', path, { secret: tablet.secret });
  expect([old.status, old.headers.get('tus-version')]).toEqual([412, '1.0.0']);
  expect((await begin(2_000_000)).status).toBe(413);
  expect((await begin(40_000, sha256, 'image/svg+xml')).status).toBe(415);
  await begin();
  expect((await patch(0, picture, { 'content-type': 'image/jpeg' })).status).toBe(415);
  const part = picture.subarray(0, 500);
  const right = `sha1 ${createHash('sha1').update(part).digest('base64')}`;
  expect((await patch(0, part, { 'upload-checksum': 'sha1 AAAA' })).status).toBe(460);
  expect((await patch(0, part, { 'upload-checksum': 'crc32 AAAA' })).status).toBe(400);
  expect((await patch(0, part, { 'upload-checksum': right })).headers.get('upload-offset')).toBe('500');
  expect((await patch(500, new Uint8Array(50_000))).status).toBe(413);
});

test('little space is kept for records: pictures and signatures are refused, operations are not', async () => {
  const store = { ...openDiskStore(`${world.centre.folder}/files`), free: () => Promise.resolve(5) };
  const files = createFiles({ ...world.centre.deps, store, reserve: 10 });
  await world.close();
  world = await openTestApp({ files });
  tablet = await enrol(world.centre, 'tablet', 'field', 'kristina');
  await name();
  const refused = await begin();
  expect([refused.status, await refused.json(), refused.headers.get('retry-after')]).toMatchObject([
    507,
    { error: 'no_space' },
    '600'
  ]);
  const drawing = await world.send('PUT', `/api/attachments/${sha256}`, {
    secret: tablet.secret,
    body: '<svg/>',
    headers: { 'content-type': 'image/svg+xml' }
  });
  expect(drawing.status).toBe(507);
});
