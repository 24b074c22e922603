import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storageTrouble } from '#server/storage-trouble.ts';
import { openDiskStore, type FileStore } from './file-store.ts';
import { layered } from './open-store.ts';
import { openS3Store } from './s3-store.ts';
import { testPicture } from './testing-picture.ts';
import { startS3Double, type S3Double } from './testing-s3.ts';

let folder: string;
let s3: S3Double;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zimnik-files-'));
  s3 = await startS3Double();
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await s3.close();
});

const picture = (seed: number) => {
  const bytes = testPicture(2_000, seed);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
};
const listed = async (store: FileStore): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { sha256 } of store.list()) found.push(sha256);
  return found.sort();
};

describe.each([
  ['a folder', () => openDiskStore(folder)],
  ['an S3-compatible store', () => openS3Store(s3.settings)],
  ['a store over an earlier folder', () => layered(openS3Store(s3.settings), openDiskStore(folder))]
])('files in %s', (_name, open) => {
  it('are there as they were written, listed, and gone when they are removed', async () => {
    const store = open();
    const [one, two, three] = [picture(1), picture(2), picture(3)];
    expect(await store.read(one.sha256)).toBeUndefined();
    for (const { sha256, bytes } of [one, two, three, one]) await store.write(sha256, bytes);
    expect(Buffer.from((await store.read(two.sha256)) ?? []).equals(two.bytes)).toBe(true);
    expect(await listed(store)).toEqual([one.sha256, two.sha256, three.sha256].sort());
    await store.remove(one.sha256);
    await store.remove(one.sha256);
    expect(await store.read(one.sha256)).toBeUndefined();
    expect(await listed(store)).toHaveLength(2);
  });
});

describe('an S3-compatible store', () => {
  it('is asked again after a passing trouble, and a lasting one is told as a matter of the machine', async () => {
    const store = openS3Store(s3.settings);
    const { sha256, bytes } = picture(1);
    s3.failures.push(503, 500);
    await store.write(sha256, bytes);
    expect(s3.objects.size).toBe(1);
    s3.failures.push(503, 503, 503);
    const failed = await store.read(sha256).catch((error: unknown) => error);
    expect(storageTrouble(failed)).toBe('ESTORE');
    await s3.close();
    const cut = await store.read(sha256).catch((error: unknown) => error);
    expect(storageTrouble(cut)).toBe('ESTORE');
    expect(cut).toMatchObject({ message: 'the store does not answer: ECONNREFUSED' });
    s3 = await startS3Double();
  });

  it('takes no wrong key and no bytes that are not what their name says', async () => {
    const { sha256, bytes } = picture(1);
    const wrong = openS3Store({ ...s3.settings, secret: 'another' });
    await expect(wrong.write(sha256, bytes)).rejects.toThrow('403 Refused403 to PUT');
    await expect(openS3Store(s3.settings).write('a'.repeat(64), bytes)).rejects.toThrow('400');
    expect(s3.objects.size).toBe(0);
  });
});

it('what lay in the folder before a bucket was named is still found', async () => {
  const { sha256, bytes } = picture(4);
  await openDiskStore(folder).write(sha256, bytes);
  const store = layered(openS3Store(s3.settings), openDiskStore(folder));
  expect(await store.read(sha256)).toBeDefined();
  expect(await listed(store)).toEqual([sha256]);
  await store.remove(sha256);
  expect(await store.read(sha256)).toBeUndefined();
});
