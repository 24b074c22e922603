import 'fake-indexeddb/auto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CompactSign, compactDecrypt, exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import * as v from 'valibot';
import { beforeEach, expect, it, vi } from 'vitest';
import { bundleSchema, courierKeysSchema, type Bundle, type Receipt } from '#domain/sync/bundle.ts';
import { applyReceipt } from '$lib/storage/apply-receipt.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import type { DeviceEnvironment } from '$lib/storage/environment.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { requireState, write } from '$lib/storage/write.ts';
import { keepCourierKeys } from './courier-keys.ts';
import { makeBundle, openReceipt, type MadeBundle } from './courier.ts';

const environment: DeviceEnvironment = {
  now: () => 1_764_000_000_000,
  mono: () => 1_000,
  page: 'page1',
  randomBytes: (length) => new Uint8Array(length)
};
const tools = { now: environment.now, gzip: (text: string) => Promise.resolve(gzipSync(text)) };
let database: DeviceDatabase;
let serial = 0;
let opening: CryptoKey;
let signing: CryptoKey;

beforeEach(async () => {
  database = new DeviceDatabase(`courier-${serial++}`);
  await ensureIdentity(database, {
    device: 'd1',
    secret: 'secret-of-this-tablet',
    role: 'field',
    user: 'u7',
    name: 'Планшет'
  });
  const forFiles = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  const forReceipts = await generateKeyPair('ES256', { extractable: true });
  [opening, signing] = [forFiles.privateKey, forReceipts.privateKey];
  const published = {
    encryption: await exportJWK(forFiles.publicKey),
    signing: await exportJWK(forReceipts.publicKey)
  };
  await keepCourierKeys(database, () => Promise.resolve(Response.json(published)));
});

const mark = (person: string) =>
  write(database, environment, {
    by: 'u7',
    changes: [{ type: 'attendance', id: `s1~${person}`, set: { status: 'present', at: 5 } }]
  });

async function opened(file: MadeBundle | undefined): Promise<Bundle> {
  if (file === undefined) throw new Error('no file was made');
  const { plaintext } = await compactDecrypt(file.text, opening);
  return v.parse(bundleSchema, JSON.parse(gunzipSync(plaintext).toString('utf8')));
}

const signed = (content: unknown, key = signing): Promise<string> =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(content)))
    .setProtectedHeader({ alg: 'ES256' })
    .sign(key);

async function receiptFor(more: Partial<Receipt> = {}): Promise<string> {
  const acks: Receipt['acks'] = [{ o: 'applied', n: 1, to: 2, seq: 10 }];
  return signed({
    z: 1,
    kind: 'receipt',
    device: 'd1',
    epoch: 'e1',
    since: null,
    head: [10, 'h10'],
    at: 5,
    acks,
    ...more
  });
}

async function take(text: string) {
  const { courier } = await requireState(database);
  if (courier === undefined) throw new Error('the keys were not kept');
  const receipt = await openReceipt(text, courier);
  return receipt === undefined ? undefined : applyReceipt(database, environment, receipt);
}

it('a file holds everything that waits, and only the centre can read it', async () => {
  await mark('p1');
  await mark('p2');
  const file = await makeBundle(database, tools);
  expect(file?.text).toMatch(/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/);
  const bundle = await opened(file);
  expect(bundle).toMatchObject({ device: 'd1', secret: 'secret-of-this-tablet', epoch: null, head: null });
  expect(bundle.ops.map((operation) => (operation as { n: number }).n)).toEqual([1, 2]);
});

it('a file is made where nothing can be stored any more', async () => {
  await mark('p1');
  const writing = vi.spyOn(database, 'writing').mockRejectedValue(new DOMException('', 'QuotaExceededError'));
  const bundle = await opened(await makeBundle(database, tools));
  expect(bundle.ops).toHaveLength(1);
  expect(writing).not.toHaveBeenCalled();
});

it('a receipt of the centre delivers what it names and leaves the rest waiting', async () => {
  for (const person of ['p1', 'p2', 'p3']) await mark(person);
  await database.meta.put({ ...(await requireState(database)), epoch: 'e1' });
  expect(await take(await receiptFor())).toEqual({ type: 'settled', settled: 2, refused: 0 });
  expect((await database.outbox.toArray()).map(({ n }) => n)).toEqual([3]);
  expect((await database.retained.toArray()).map(({ n, seq }) => [n, seq])).toEqual([
    [1, 10],
    [2, 11]
  ]);
  expect((await requireState(database)).journal[0]).toMatchObject({ sent: 2, byFile: true });
  // The same receipt again changes nothing.
  expect(await take(await receiptFor())).toEqual({ type: 'settled', settled: 0, refused: 0 });
  expect((await requireState(database)).journal).toHaveLength(1);
});

it('a receipt tells whose erased data were in the file, and they go from here', async () => {
  const note = 'Молданова ушла рано';
  await write(database, environment, {
    by: 'u7',
    changes: [{ type: 'attendance', id: 's1~maria', set: { status: 'present', note } }]
  });
  await mark('p2');
  await database.meta.put({ ...(await requireState(database)), epoch: 'e1' });
  const text = await receiptFor({ erased: ['maria'] });
  expect(await take(text)).toEqual({ type: 'settled', settled: 2, refused: 0 });
  const tables = await Promise.all(database.tables.map((table) => table.toArray()));
  expect(JSON.stringify(tables)).not.toContain('Молданова');
  expect(await database.retained.count()).toBe(2);
});

it('photos are carried as far as they fit into one file, and those that the centre has are not sent again', async () => {
  await mark('p1');
  await database.meta.put({ ...(await requireState(database)), epoch: 'e1' });
  const photo = (name: string) => ({
    sha256: name.repeat(64),
    mime: 'image/jpeg',
    bytes: new ArrayBuffer(1_300_000),
    state: 'to_upload' as const,
    storedAt: 1
  });
  const names = [...'0123456789abc'];
  await database.attachments.bulkPut(names.map(photo));
  const file = await makeBundle(database, {
    ...tools,
    gzip: (text) => Promise.resolve(gzipSync(text, { level: 1 }))
  });
  expect(file).toMatchObject({ photos: 11, photosLeft: 2 });
  expect((await opened(file)).attachments).toHaveLength(11);
  await take(await receiptFor({ files: ['a'.repeat(64), 'f'.repeat(64)] }));
  const delivered = await database.attachments.where('state').equals('delivered').toArray();
  expect(delivered.map(({ sha256, sentAt }) => [sha256[0], sentAt])).toEqual([['a', 10]]);
}, 30_000);

it('a receipt tells the next exchange what the centre had then: put back since without a word, it is found out', async () => {
  await mark('p1');
  await database.meta.put({ ...(await requireState(database)), epoch: 'e1', head: [7, 'h7'] });
  await take(await receiptFor({ since: [7, 'h7'] }));
  expect((await requireState(database)).head).toEqual([10, 'h10']);
});

it('a receipt for a file from before the last exchange delivers nothing: the two may know different histories', async () => {
  await mark('p1');
  await database.meta.put({ ...(await requireState(database)), epoch: 'e1', head: [8, 'h8'] });
  const before = { since: [7, 'h7'] } satisfies Partial<Receipt>;
  expect(await take(await receiptFor(before))).toEqual({ type: 'overtaken' });
  expect(await take(await receiptFor({ since: [8, 'h8'], head: null }))).toEqual({ type: 'other_history' });
  expect(await database.outbox.count()).toBe(1);
  await database.outbox.clear();
  expect(await take(await receiptFor(before))).toEqual({ type: 'settled', settled: 0, refused: 0 });
});

it('a receipt of another tablet, of another history or of somebody else touches nothing', async () => {
  await mark('p1');
  await database.meta.put({ ...(await requireState(database)), epoch: 'e1' });
  expect(await take(await receiptFor({ device: 'd2' }))).toEqual({ type: 'other_device' });
  expect(await take(await receiptFor({ epoch: 'e0' }))).toEqual({ type: 'other_history' });
  const { privateKey } = await generateKeyPair('ES256');
  expect(await take(await signed({ z: 1, kind: 'receipt' }, privateKey))).toBeUndefined();
  expect(await take((await receiptFor()).slice(0, -9))).toBeUndefined();
  expect(await take(await signed({ z: 1, kind: 'bundle' }))).toBeUndefined();
  expect(await database.outbox.count()).toBe(1);
});

it('the keys are asked for once, and a portal’s page is not taken for them', async () => {
  const asked = vi.fn<typeof fetch>(() => Promise.resolve(Response.json({})));
  await keepCourierKeys(database, asked);
  expect(asked).not.toHaveBeenCalled();
  const { courier: known, ...state } = await requireState(database);
  expect(v.is(courierKeysSchema, known)).toBe(true);
  await database.meta.put(state);
  for (const answer of [new Response('<html>'), Response.json({}), new Response('', { status: 503 })])
    await keepCourierKeys(database, () => Promise.resolve(answer));
  await keepCourierKeys(database, () => Promise.reject(new TypeError('network')));
  expect((await requireState(database)).courier).toBeUndefined();
  expect(await makeBundle(database, tools)).toBeUndefined();
});
