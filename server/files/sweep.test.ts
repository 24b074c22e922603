import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enrol, openTestCentre, type TestCentre, type TestDevice } from '#server/sync/testing-centre.ts';
import { openDiskStore, type FileStore } from './file-store.ts';
import { createFiles, type Files } from './files.ts';
import { testPicture } from './testing-picture.ts';

const day = 86_400_000;
let centre: TestCentre;
let tablet: TestDevice;
let store: FileStore;
let files: Files;

beforeEach(async () => {
  centre = await openTestCentre();
  centre.now = Date.now();
  store = openDiskStore(join(centre.folder, 'files'));
  files = createFiles({ ...centre.deps, store, reserve: 0 });
  tablet = await enrol(centre, 'tablet', 'field', 'kristina');
});
afterEach(() => centre.close());

async function change(id: string, set: Record<string, unknown>, base = 0): Promise<void> {
  await tablet.ok([tablet.operation([{ e: 'photo', k: id, set, base }])]);
}
async function taken(id: string, seed: number): Promise<string> {
  const bytes = testPicture(3_000, seed);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await change(id, { of: 'event', target: 'e1', file: sha256 });
  expect(await files.take('tablet', sha256, 'image/jpeg', bytes)).toMatchObject({ ok: true });
  return sha256;
}

test('a picture is collected when no record has named it for thirty days, and not one that is named again', async () => {
  const stays = await taken('p1', 1);
  const goes = await taken('p2', 2);
  const returns = await taken('p3', 3);
  expect(await files.sweep()).toMatchObject({ collected: 0 });
  await change('p2', { deletedAt: 1 });
  await change('p3', { deletedAt: 1 });
  await files.sweep();
  centre.now += 29 * day;
  await change('p3', { deletedAt: null }, 5);
  expect(await files.sweep()).toMatchObject({ collected: 0 });
  centre.now += day;
  expect(await files.sweep()).toMatchObject({ collected: 1 });
  expect(await store.read(goes)).toBeUndefined();
  await change('p3', { deletedAt: 2 }, 6);
  centre.now += 10 * day;
  expect(await files.sweep()).toMatchObject({ collected: 0 });
  expect(await store.read(stays)).toBeDefined();
  expect(await store.read(returns)).toBeDefined();
});

test('what a held operation names waits for the coordinator with it', async () => {
  const sha256 = createHash('sha256').update(testPicture(3_000, 4)).digest('hex');
  await centre.deps.storage.withTransaction(async (tx) => {
    const device = await tx.device('centre', 'tablet');
    if (device !== undefined) await tx.putDevice('centre', { ...device, revokedAt: centre.now });
  });
  const set = { of: 'event', target: 'e1', file: sha256 };
  await tablet.exchange([tablet.operation([{ e: 'photo', k: 'p1', set }])]);
  expect(await files.take('tablet', sha256, 'image/jpeg', testPicture(3_000, 4))).toMatchObject({ ok: true });
  await files.sweep();
  centre.now += 40 * day;
  expect(await files.sweep()).toMatchObject({ collected: 0 });
});

test('an upload that stands still for a week is given up, and bytes that no row speaks of go after a day', async () => {
  const sha256 = 'c'.repeat(64);
  await change('p1', { of: 'event', target: 'e1', file: sha256 });
  await files.begin('tablet', sha256, 'image/jpeg', 5_000);
  await files.append('tablet', sha256, 0, new Uint8Array(100));
  await store.write('d'.repeat(64), new Uint8Array(5));
  expect(await files.sweep()).toEqual({ collected: 0, abandoned: 0, orphans: 0 });
  centre.now += 8 * day;
  expect(await files.sweep()).toEqual({ collected: 0, abandoned: 1, orphans: 1 });
  expect(await files.state('tablet', sha256)).toEqual({ ok: false, error: 'not_found' });
});

test('erasing deletes the bytes and the row, whoever names them', async () => {
  const sha256 = await taken('p1', 5);
  await files.erase([sha256]);
  expect(await store.read(sha256)).toBeUndefined();
  expect(await files.awaited({ role: 'coordinator', user: 'u', device: '' })).toEqual([sha256]);
});

test('a server that ended between the last part and the proof proves when it is asked again', async () => {
  const bytes = testPicture(3_000, 6);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await change('p1', { of: 'event', target: 'e1', file: sha256 });
  await files.begin('tablet', sha256, 'image/jpeg', bytes.byteLength);
  await centre.deps.storage.withTransaction(async (tx) => {
    await tx.addUploadPart('centre', 'tablet', sha256, 0, bytes);
    const whole = { length: 3_000, received: 3_000, changedAt: centre.now };
    await tx.putUpload('centre', { device: 'tablet', sha256, mime: 'image/jpeg', ...whole });
  });
  expect(await files.state('tablet', sha256)).toMatchObject({ ok: true, value: { received: 3_000 } });
  expect(await store.read(sha256)).toBeDefined();
});
