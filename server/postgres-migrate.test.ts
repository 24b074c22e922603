import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { migrateToPostgres } from './admin/migrate-to-postgres.ts';
import { readConfig, type Config } from './config.ts';
import { dataFiles } from './data-files.ts';
import { DataMoved, lockData } from './data-lock.ts';
import { openDemo } from './demo/open-demo.ts';
import { openDiskStore } from './files/file-store.ts';
import { openDatabases, type OpenDatabases } from './open-databases.ts';
import { centreId, randomBytes } from './platform.ts';
import type { ServerStorage } from './storage/server-storage.ts';
import { ensureCentre } from './sync/centre.ts';
import { nodeHashing } from './sync/node-hashing.ts';
import { createSyncService } from './sync/sync-service.ts';

let name: string;
let folder: string;
let url: string;

beforeEach(async () => {
  name = `migrate_${crypto.randomUUID().replaceAll('-', '')}`;
  await ask(`CREATE DATABASE ${name}`);
  const target = new URL(inject('postgresUrl') ?? '');
  target.pathname = name;
  url = target.href;
  folder = mkdtempSync(join(tmpdir(), 'zimnik-migrate-'));
});
afterEach(async () => {
  await ask(`DROP DATABASE ${name} WITH (FORCE)`);
  rmSync(folder, { recursive: true, force: true });
});

async function ask(sql: string, database = inject('postgresUrl')): Promise<void> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

const report = (error: unknown): void => {
  throw error;
};
const open = (env: Readonly<Record<string, string>>): Promise<OpenDatabases> =>
  openDatabases(configOf(env), report);

function configOf(env: Readonly<Record<string, string>>): Config {
  const parsed = readConfig(env);
  if (!parsed.ok) throw new Error('the settings are good');
  return parsed.value;
}

const migrate = () =>
  migrateToPostgres(
    folder,
    url,
    { centre: centreId, clock: () => 5, store: openDiskStore(join(folder, 'files')) },
    () => undefined
  );

/** A centre with the whole content of the demonstration, a drawing, and somebody who is signed in. */
async function fill(databases: OpenDatabases): Promise<{ readonly cookie: string }> {
  const { storage, accounts, pokes } = databases;
  const base = {
    storage,
    centre: centreId,
    clock: () => Date.now(),
    random: randomBytes,
    hashing: nodeHashing
  };
  await ensureCentre(base);
  const deps = { ...base, accounts, service: createSyncService({ ...base, pokes }) };
  const demo = await openDemo(deps, dataFiles(folder).demoKeys, () => Promise.resolve());
  const bytes = Buffer.from('<svg/>');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await storage.withTransaction((tx) =>
    tx.putAttachment(centreId, { sha256, mime: 'image/svg+xml', size: 6, storedAt: 1 }, bytes)
  );
  return { cookie: (await demo.signIn()).getSetCookie()[0]?.split(';')[0] ?? '' };
}

/** Everything that the storage can be asked. */
const whole = (storage: ServerStorage) =>
  storage.readSnapshot(async (snapshot) => {
    const pages = [];
    const sums = [];
    for (const stream of ['reference', 'people', 'attendance', 'consultations', 'answers', 'office']) {
      pages.push(await snapshot.streamRows(centreId, stream, 0, 100_000_000));
      sums.push(await snapshot.streamSum(centreId, stream));
    }
    return {
      pages,
      sums,
      centre: await snapshot.centre(centreId),
      epochs: await snapshot.epochs(centreId),
      devices: await snapshot.devices(centreId),
      enrolments: await snapshot.enrolments(centreId),
      log: await snapshot.log(centreId, 0, 100_000),
      records: await snapshot.recordsAfter(centreId, ['', ''], 100_000)
    };
  });

test('a centre moves into PostgreSQL as it is: history, records, devices, drawings, accounts and sign-ins', async () => {
  const embedded = await open({ ZIMNIK_DATA: folder });
  const { cookie } = await fill(embedded);
  const before = await whole(embedded.storage);
  const { secret } = embedded;
  await embedded.close();

  const moved = await migrate();
  expect(moved).toMatchObject({ ok: true, value: { operations: before.log.length, accounts: 1 } });
  const shared = await open({ DATABASE_URL: url });
  expect(await whole(shared.storage)).toEqual(before);
  expect(shared.secret).toBe(secret);
  expect((await shared.accounts.whoIs(new Headers({ cookie })))?.role).toBe('coordinator');
  const drawing = createHash('sha256').update('<svg/>').digest('hex');
  const bytes = await shared.storage.readSnapshot((snapshot) => snapshot.attachmentBytes(centreId, drawing));
  expect(Buffer.from(bytes ?? []).toString()).toBe('<svg/>');
  await shared.close();

  // Served from both, the centre would have two histories.
  await expect(open({ ZIMNIK_DATA: folder })).rejects.toThrow(DataMoved);
  expect(await migrate()).toMatchObject({ error: { type: 'not_empty' } });
});

test('nothing is moved from under a working server, onto one, or over another centre', async () => {
  expect(await migrate()).toEqual({ ok: false, error: { type: 'no_data' } });
  const embedded = await open({ ZIMNIK_DATA: folder });
  await fill(embedded);
  const lock = lockData(folder, 'http://localhost:3000');
  expect(await migrate()).toMatchObject({ error: { type: 'in_use' } });
  lock.release();
  const working = await open({ DATABASE_URL: url });
  expect(await migrate()).toMatchObject({ error: { type: 'target_in_use' } });
  await working.accounts.create({
    name: 'Ольга',
    email: 'olga@example.org',
    password: 'long enough password',
    role: 'coordinator'
  });
  await working.close();
  await embedded.close();
  expect(await migrate()).toEqual({ ok: false, error: { type: 'not_empty' } });
  expect(existsSync(dataFiles(folder).moved)).toBe(false);
});

test('an empty centre that a first start has left is no obstacle; a log that was meddled with is found out', async () => {
  const started = await open({ DATABASE_URL: url });
  await ensureCentre({ storage: started.storage, centre: centreId, random: randomBytes });
  await started.close();
  const embedded = await open({ ZIMNIK_DATA: folder });
  await fill(embedded);
  const [record] = await embedded.storage.readSnapshot((snapshot) =>
    snapshot.recordsOfType(centreId, 'person')
  );
  if (record === undefined) throw new Error('the demonstration has people');
  await embedded.storage.withTransaction((tx) =>
    tx.putRecords(centreId, [{ before: record, after: { ...record, seq: record.seq + 1 } }])
  );
  await embedded.close();
  expect(await migrate()).toMatchObject({ error: { type: 'not_proved' } });
  expect(existsSync(dataFiles(folder).moved)).toBe(false);
});
