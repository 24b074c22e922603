import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enrol, openTestCentre, type TestCentre, type TestDevice } from '#server/sync/testing-centre.ts';
import { openDiskStore, type FileStore } from './file-store.ts';
import { createFiles, mostUploads, type Files } from './files.ts';
import { openS3Store } from './s3-store.ts';
import { testPicture } from './testing-picture.ts';
import { startS3Double, type S3Double } from './testing-s3.ts';

let centre: TestCentre;
let s3: S3Double;
let tablet: TestDevice;
let store: FileStore;
let files: Files;

const jpeg = 'image/jpeg';
const picture = testPicture(9_000);
const sha256 = createHash('sha256').update(picture).digest('hex');
/** As long as the picture, and another one. */
const hostile = testPicture(9_000, 7);

beforeEach(async () => {
  centre = await openTestCentre();
  s3 = await startS3Double();
  tablet = await enrol(centre, 'tablet', 'field', 'kristina');
  await name('p1', sha256);
});
afterEach(async () => {
  await s3.close();
  await centre.close();
});

async function name(id: string, file: string): Promise<void> {
  await tablet.ok([tablet.operation([{ e: 'photo', k: id, set: { of: 'event', target: 'e1', file } }])]);
}

async function listed(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { sha256: hash } of store.list()) found.push(hash);
  return found;
}

/** What lies in the database of files that are not whole, bytes. */
async function waiting(device: string): Promise<number> {
  const uploads = await centre.deps.storage.readSnapshot((snapshot) => snapshot.uploadsOf('centre', device));
  return uploads.reduce((sum, { received }) => sum + received, 0);
}

describe.each([
  ['a folder', () => openDiskStore(join(centre.folder, 'files'))],
  ['an S3-compatible store', () => openS3Store(s3.settings)]
])('files of several devices in %s', (_name, open) => {
  beforeEach(() => {
    store = open();
    files = createFiles({ ...centre.deps, store, reserve: 0 });
  });

  it('wrong bytes of one device leave what another has sent of the same file', async () => {
    await files.begin('tablet', sha256, jpeg, 9_000);
    await files.append('tablet', sha256, 0, picture.subarray(0, 4_000));
    // The file begun anew with another length, then with its own; parts in between; the whole of it wrong.
    await files.begin('other', sha256, jpeg, 100);
    expect(await files.begin('other', sha256, jpeg, 9_000)).toMatchObject({ value: { received: 0 } });
    expect(await files.append('other', sha256, 4_000, hostile.subarray(4_000))).toMatchObject({
      error: 'wrong_offset'
    });
    expect(await files.append('other', sha256, 0, hostile)).toMatchObject({ error: 'hash_mismatch' });
    expect(await files.take('other', sha256, jpeg, hostile)).toMatchObject({ error: 'hash_mismatch' });
    await files.begin('other', sha256, jpeg, 9_000);
    await files.append('other', sha256, 0, hostile.subarray(0, 8_999));

    expect(await files.state('tablet', sha256)).toMatchObject({ value: { received: 4_000 } });
    expect(await files.begin('tablet', sha256, jpeg, 9_000)).toMatchObject({ value: { received: 4_000 } });
    expect(await listed()).toEqual([]);
    const last = await files.append('tablet', sha256, 4_000, picture.subarray(4_000));
    expect(last).toEqual({ ok: true, value: { received: 9_000, length: 9_000 } });
    expect(Buffer.from((await store.read(sha256)) ?? []).equals(picture)).toBe(true);
    expect([await waiting('tablet'), await waiting('other')]).toEqual([0, 0]);
  });

  it('a whole file is there for every device, and nothing changes it any more', async () => {
    await files.begin('other', sha256, jpeg, 9_000);
    await files.append('other', sha256, 0, hostile.subarray(0, 8_999));
    await files.take('tablet', sha256, jpeg, picture);
    expect(await files.state('other', sha256)).toMatchObject({ value: { received: 9_000 } });
    expect(await files.append('other', sha256, 8_999, hostile.subarray(8_999))).toMatchObject({
      error: 'wrong_offset'
    });
    expect(await files.begin('other', sha256, jpeg, 8_000)).toMatchObject({ error: 'hash_mismatch' });
    expect(await files.take('other', sha256, jpeg, hostile)).toMatchObject({ ok: true });
    expect(Buffer.from((await store.read(sha256)) ?? []).equals(picture)).toBe(true);
  });

  it('a device that begins file after file gives up its own oldest ones, and no other’s', async () => {
    await files.begin('tablet', sha256, jpeg, 9_000);
    await files.append('tablet', sha256, 0, picture.subarray(0, 4_000));
    const hashes = Array.from({ length: mostUploads + 3 }, (_, index) =>
      createHash('sha256').update(String(index)).digest('hex')
    );
    for (const [index, hash] of hashes.entries()) {
      await name(`q${index}`, hash);
      centre.now += 1;
      await files.begin('other', hash, jpeg, 5_000);
      await files.append('other', hash, 0, hostile.subarray(0, 1_000));
    }
    expect(await waiting('other')).toBe(mostUploads * 1_000);
    const found = await Promise.all(hashes.map((hash) => files.state('other', hash)));
    expect(found.findIndex(({ ok }) => ok)).toBe(3);
    expect(await files.state('tablet', sha256)).toMatchObject({ value: { received: 4_000 } });
  });

  it('what stood still for a week is collected device by device; an erased file goes from all of them', async () => {
    for (const device of ['tablet', 'other']) await files.begin(device, sha256, jpeg, 9_000);
    centre.now += 6 * 86_400_000;
    await files.append('tablet', sha256, 0, picture.subarray(0, 4_000));
    await files.append('other', sha256, 0, picture.subarray(0, 2_000));
    centre.now += 6 * 86_400_000;
    await files.append('tablet', sha256, 4_000, picture.subarray(4_000, 5_000));
    centre.now += 2 * 86_400_000;
    expect(await files.sweep()).toMatchObject({ abandoned: 1 });
    expect(await files.state('other', sha256)).toMatchObject({ error: 'not_found' });
    await files.begin('other', sha256, jpeg, 9_000);
    expect(await files.state('tablet', sha256)).toMatchObject({ value: { received: 5_000 } });
    await files.erase([sha256]);
    for (const device of ['tablet', 'other'])
      expect(await files.state(device, sha256)).toMatchObject({ error: 'not_found' });
  });

  it('two devices that send the same file at once both hear that it is whole', async () => {
    const send = async (device: string): Promise<unknown> => {
      await files.begin(device, sha256, jpeg, 9_000);
      for (let offset = 0; offset < 9_000; offset += 3_000)
        await files.append(device, sha256, offset, picture.subarray(offset, offset + 3_000));
      return files.state(device, sha256);
    };
    const whole = { ok: true, value: { received: 9_000, length: 9_000 } };
    expect(await Promise.all([send('tablet'), send('other')])).toEqual([whole, whole]);
    expect(await waiting('tablet')).toBe(0);
    expect(await waiting('other')).toBe(0);
  });
});
