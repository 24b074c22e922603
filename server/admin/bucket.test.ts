import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig, type Config } from '#server/config.ts';
import { dataFiles } from '#server/data-files.ts';
import { LedgerFile } from '#server/erasure-ledger.ts';
import { openDiskStore } from '#server/files/file-store.ts';
import { createFiles } from '#server/files/files.ts';
import { openFileStore } from '#server/files/open-store.ts';
import { startS3Double, type S3Double } from '#server/files/testing-s3.ts';
import { testPicture } from '#server/files/testing-picture.ts';
import { openCentre } from '#server/open-centre.ts';
import { openDatabases } from '#server/open-databases.ts';
import { centreId, randomBytes } from '#server/platform.ts';
import { startProblem } from '#server/start-problem.ts';
import { newDevice } from '#server/sync/authenticate.ts';
import { ensureCentre } from '#server/sync/centre.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { createSyncService } from '#server/sync/sync-service.ts';
import { testSites } from '#server/testing-app.ts';
import { operatorWords } from '#server/words/index.ts';
import { runCommand } from './run-command.ts';

/** A centre whose photos lie in a bucket, and the commands that an administrator gives. */
let bucket: S3Double;
let folder: string;
let config: Config;
let said: string[];

const picture = testPicture(3_000);
const sha256 = nodeHashing.sha256(picture);
const secret = 'secret-of-the-tablet-of-the-centre';
const inBucket = `files/${sha256}`;
const copyOf = (name: string) => openDiskStore(dataFiles(join(folder, name)).files);

function configFor(more: Readonly<Record<string, string>> = {}): Config {
  const { url, bucket: name, region, keyId, secret: key } = bucket.settings;
  const parsed = readConfig({
    ZIMNIK_DATA: join(folder, 'data'),
    ZIMNIK_S3_URL: url,
    ZIMNIK_S3_BUCKET: name,
    ZIMNIK_S3_REGION: region,
    ZIMNIK_S3_KEY: keyId,
    ZIMNIK_S3_SECRET: key,
    ...more
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

beforeEach(async () => {
  bucket = await startS3Double();
  folder = mkdtempSync(join(tmpdir(), 'zimnik-bucket-'));
  config = configFor();
  said = [];
  const { storage, pokes, close } = await openDatabases(config, () => undefined);
  const base = { storage, centre: centreId, clock: () => 5_000, random: randomBytes, hashing: nodeHashing };
  await ensureCentre(base);
  const secretHash = nodeHashing.sha256(secret);
  const tablet = { id: 'tablet', secretHash, role: 'field' as const, user: 'u1', name: '', createdAt: 1 };
  await storage.withTransaction((tx) => tx.putDevice(centreId, newDevice(tablet)));
  const set = { of: 'event', target: 'e1', file: sha256 };
  const ops = [{ n: 1, w: 1, c: 0, v: 1, by: 'u1', ch: [{ e: 'photo', k: 'f1', set, base: 0 }] }];
  const told = { build: 'b', now: 5_000, clock: 0, oldestPending: null, pending: 0, head: null };
  const request = { z: 1, device: 'tablet', epoch: null, ...told, ops, cursors: {}, maxBytes: 1_000 };
  await createSyncService({ ...base, pokes }).exchange(request, { secret });
  const files = createFiles({ ...base, store: openFileStore(config), reserve: 0 });
  expect(await files.take('tablet', sha256, 'image/jpeg', picture)).toMatchObject({ ok: true });
  await close();
});
afterEach(async () => {
  await bucket.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The exit code, or what the person reads when it could not be done. */
async function run(command: Parameters<typeof runCommand>[0], given = config): Promise<number | string> {
  const terminal = { say: (line: string) => void said.push(line), words: operatorWords.en };
  return runCommand(command, given, terminal).catch((error: unknown) => {
    const problem = startProblem(error, given, operatorWords.en);
    if (problem === undefined) throw error;
    return problem;
  });
}
const backupTo = (name: string, given = config) => run({ type: 'backup', folder: join(folder, name) }, given);

async function durable(): Promise<number | undefined> {
  const { storage, close } = await openDatabases(config, () => undefined);
  const centre = await storage.readSnapshot((snapshot) => snapshot.centre(centreId));
  await close();
  return centre?.durable;
}

test('photos go from the bucket into a copy, come back into an empty one, and both are proved', async () => {
  expect(bucket.objects.has(inBucket)).toBe(true);
  bucket.failures.push(503);
  expect(await backupTo('copy')).toBe(0);
  expect(await copyOf('copy').read(sha256)).toEqual(Buffer.from(picture));
  expect(await durable()).toBe(1);
  expect(await run({ type: 'verify' })).toBe(0);
  expect(said.at(-1)).toContain('1 are here');

  bucket.objects.clear();
  expect(await run({ type: 'verify' })).toBe(1);
  expect(said).toContain(JSON.stringify({ type: 'attachment_missing', sha256 }));
  expect(await run({ type: 'restore', folder: join(folder, 'copy') })).toBe(0);
  expect(bucket.objects.get(inBucket)).toEqual(Buffer.from(picture));
  expect(await run({ type: 'verify' })).toBe(0);
});

test('another picture in the place of one is told by verify, and a copy of it is not believed', async () => {
  bucket.objects.set(inBucket, Buffer.from('another'));
  expect(await run({ type: 'verify' })).toBe(1);
  expect(said).toContain(JSON.stringify({ type: 'attachment_differs', sha256 }));
  expect(await backupTo('copy')).toBe(1);
  expect(existsSync(join(folder, 'copy'))).toBe(false);
  expect(await durable()).toBe(0);
});

test('a bucket that is not there is no empty one: nothing is copied, nothing is called missing', async () => {
  const wrong = configFor({ ZIMNIK_S3_BUCKET: 'pictures' });
  for (const done of [await backupTo('copy', wrong), await run({ type: 'verify' }, wrong)])
    expect(done).toMatch(/Photos cannot be reached \(.*404 NoSuchBucket.*ZIMNIK_S3_URL/);
  expect(said.join()).not.toContain('attachment_missing');
  expect(existsSync(join(folder, 'copy'))).toBe(false);
  expect(await durable()).toBe(0);
});

test('a store that does not answer, or a wrong key, is told in words without the key', async () => {
  const wrong = configFor({ ZIMNIK_S3_SECRET: 'not the key at all' });
  expect(await backupTo('copy', wrong)).toMatch(/Photos cannot be reached \(.*403.*ZIMNIK_S3_URL/);
  const dead = configFor({ ZIMNIK_S3_URL: 'http://127.0.0.1:9' });
  const told = await backupTo('copy', dead);
  expect(told).toMatch(/Photos cannot be reached \(.*does not answer/);
  expect(String(told)).not.toContain(bucket.settings.secret);
  expect(await durable()).toBe(0);
  expect(await backupTo('copy')).toBe(0);
});

test('a bucket that cannot be reached does not keep the server from starting', async () => {
  new LedgerFile(dataFiles(config.dataFolder).erased, centreId).add([
    { kind: 'attachment', name: 'a'.repeat(64), at: 1 }
  ]);
  const errors: unknown[] = [];
  const centre = await openCentre(configFor({ ZIMNIK_S3_URL: 'http://127.0.0.1:9' }), {
    ...testSites,
    log: { request: () => undefined, error: (error) => void errors.push(error) },
    clock: () => 6_000,
    restart: () => Promise.resolve()
  });
  expect((await centre.app.request('http://localhost/healthz')).status).toBe(200);
  expect(errors).toMatchObject([{ code: 'ESTORE' }]);
  await centre.close();
});
