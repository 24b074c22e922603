import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { backupPostgres } from './admin/backup-postgres.ts';
import { restorePostgres } from './admin/restore-postgres.ts';
import { readConfig, type Config } from './config.ts';
import { LedgerFile, uniteWithLedger } from './erasure-ledger.ts';
import { openDiskStore } from './files/file-store.ts';
import { createFiles } from './files/files.ts';
import { testPicture } from './files/testing-picture.ts';
import { followErasures } from './follow-erasures.ts';
import { openDatabases, type OpenDatabases } from './open-databases.ts';
import { centreId, randomBytes } from './platform.ts';
import { openPostgresStorage } from './storage/postgres-storage.ts';
import type { ServerStorage } from './storage/server-storage.ts';
import { newDevice } from './sync/authenticate.ts';
import { ensureCentre } from './sync/centre.ts';
import { nodeHashing } from './sync/node-hashing.ts';
import type { Poke } from './sync/pokes.ts';
import { createSyncService } from './sync/sync-service.ts';

/** A database of its own: two processes share everything in it. */
let name: string;
/** What the test writes beside it; nobody else's copies or ledgers lie here. */
let folder: string;
let config: Config;
let processes: OpenDatabases[];
const errors: unknown[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zimnik-shared-'));
  name = `server_${crypto.randomUUID().replaceAll('-', '')}`;
  await ask(`CREATE DATABASE ${name}`);
  const url = new URL(inject('postgresUrl') ?? '');
  url.pathname = name;
  const parsed = readConfig({ DATABASE_URL: url.href, ZIMNIK_DATA: join(folder, 'data') });
  if (!parsed.ok) throw new Error('the settings are good');
  config = parsed.value;
  const open = () => openDatabases(config, (error) => errors.push(error));
  processes = await Promise.all([open(), open()]);
});
afterEach(async () => {
  await Promise.all(processes.map((one) => one.close()));
  await ask(`DROP DATABASE ${name} WITH (FORCE)`);
  rmSync(folder, { recursive: true });
});

async function ask(sql: string, url = inject('postgresUrl')): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

function nextPoke(one: OpenDatabases): Promise<Poke> {
  return new Promise((resolve) => {
    const stop = one.pokes.subscribe((poke) => {
      stop();
      resolve(poke);
    });
  });
}

test('two processes that start at once share centre, secret and accounts', async () => {
  const [one, two] = processes;
  if (one === undefined || two === undefined) throw new Error('both were opened');
  expect(one.secret).toBe(two.secret);
  const [first, second] = await Promise.all(
    processes.map(({ storage }) => ensureCentre({ storage, centre: centreId, random: randomBytes }))
  );
  expect(first?.epoch).toBe(second?.epoch);
  const password = 'long enough password';
  await one.accounts.create({ name: 'Ольга', email: 'olga@example.org', password, role: 'coordinator' });
  const cookies = await two.accounts.signIn({ email: 'olga@example.org', password });
  const cookie = cookies?.getSetCookie()[0]?.split(';')[0] ?? '';
  expect((await one.accounts.whoIs(new Headers({ cookie })))?.name).toBe('Ольга');
});

test('what one process commits pokes the streams of the other, also after its connection was cut', async () => {
  const [one, two] = processes;
  if (one === undefined || two === undefined) throw new Error('both were opened');
  const { epoch } = await ensureCentre({ storage: one.storage, centre: centreId, random: randomBytes });
  const heard = nextPoke(two);
  one.pokes.notify({ epoch, seq: 7 });
  expect(await heard).toEqual({ epoch, seq: 7 });

  const caughtUp = nextPoke(two);
  await ask(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid()`,
    config.databaseUrl
  );
  // The head is read when the connection stands again, so what was missed meanwhile is told.
  expect(await caughtUp).toMatchObject({ epoch, seq: 0 });
});

test('a dump is put back as a whole, with a new history, and never under a working server', async () => {
  const [one] = processes;
  if (one === undefined) throw new Error('it was opened');
  await ensureCentre({ storage: one.storage, centre: centreId, random: randomBytes });
  const copy = join(folder, 'copy');
  const store = openDiskStore(join(folder, 'elsewhere'));
  const quiet = (): void => undefined;
  const live = { storage: one.storage, centre: centreId, clock: () => 5, store };
  const made = await backupPostgres(config.databaseUrl ?? '', copy, live, quiet);
  expect(made).toMatchObject({ ok: true });
  expect(readdirSync(copy).sort()).toEqual(['backup.json', 'centre.dump']);

  const restoreTo = (url: string) =>
    restorePostgres(
      copy,
      { url, dataFolder: config.dataFolder },
      { centre: centreId, random: randomBytes, clock: () => 5, store },
      quiet
    );
  expect(await restoreTo(config.databaseUrl ?? '')).toMatchObject({ error: { type: 'in_use' } });
  await ask(`CREATE DATABASE ${name}_back`);
  const back = `${config.databaseUrl ?? ''}_back`;
  // Once more over what the first one has put there.
  for (const seqBefore of [undefined, 0])
    expect(await restoreTo(back)).toEqual({
      ok: true,
      value: { madeAt: 5, seq: 0, movedTo: undefined, seqBefore }
    });
  const storage = await openPostgresStorage({ url: back });
  const read = (from: ServerStorage) =>
    from.readSnapshot(async (snapshot) => ({
      centre: await snapshot.centre(centreId),
      epochs: (await snapshot.epochs(centreId)).map((row) => row.epoch)
    }));
  const [before, after] = [await read(one.storage), await read(storage)];
  expect(after.centre).toEqual({ ...before.centre, epoch: after.epochs[1] });
  expect([after.epochs[0], after.epochs.length]).toEqual([before.epochs[0], 2]);
  await storage.close();
  await ask(`DROP DATABASE ${name}_back WITH (FORCE)`);
  expect(await backupPostgres(config.databaseUrl ?? '', copy, live, quiet)).toMatchObject({
    error: { type: 'not_empty' }
  });
});

/** What the server composes of the databases that one process has opened, with a data folder of its own. */
async function runProcess({ storage, pokes }: OpenDatabases, own: string) {
  const report = (error: unknown): void => void errors.push(error);
  const base = { storage, centre: centreId, clock: () => 5_000, random: randomBytes, hashing: nodeHashing };
  await ensureCentre(base);
  const ledger = new LedgerFile(join(own, 'erased.jsonl'), centreId);
  await uniteWithLedger(storage, ledger, base);
  const store = openDiskStore(join(own, 'files'));
  const files = createFiles({ ...base, store, reserve: 0 });
  const eraseFiles = (hashes: readonly string[]): Promise<void> => files.erase(hashes);
  const follower = followErasures({ ...base, pokes, ledger, eraseFiles, forget: () => undefined, report });
  const service = createSyncService({ ...base, pokes, ledger, eraseFiles, report });
  return { service, ledger, store, files, follower, storage };
}

test('what one process erases leaves the files of the other and stands in its ledger, also what it missed without a connection', async () => {
  const [first, second] = await Promise.all(
    processes.map((one) => runProcess(one, mkdtempSync(join(folder, 'process-'))))
  );
  const [, two] = processes;
  if (first === undefined || second === undefined || two === undefined) throw new Error('both run');
  const secret = 'secret-of-the-desk-of-the-centre';
  const secretHash = nodeHashing.sha256(secret);
  const desk = { id: 'desk', secretHash, role: 'coordinator' as const, user: 'c1', name: '', createdAt: 1 };
  await first.storage.withTransaction((tx) => tx.putDevice(centreId, newDevice(desk)));
  let n = 0;
  const push = async (...changes: readonly object[]): Promise<void> => {
    const ops = changes.map((change) => ({
      n: ++n,
      w: n,
      c: 0,
      v: 1,
      by: 'c1',
      ch: [{ base: 0, ...change }]
    }));
    const told = { build: 'b', now: 5_000, clock: 0, oldestPending: null, pending: 0, head: null };
    const request = { z: 1, device: 'desk', epoch: null, ...told, ops, cursors: {}, maxBytes: 1_000 };
    const context = { secret, officeSession: () => Promise.resolve('c1') };
    expect(await first.service.exchange(request, context)).toMatchObject({ kind: 'ok' });
  };

  const picture = testPicture(2_000);
  const sha256 = nodeHashing.sha256(picture);
  await push(
    { e: 'person', k: 'maria', set: { surname: 'Молданова' } },
    { e: 'photo', k: 'f1', set: { of: 'event', target: 'e1', file: sha256 } }
  );
  expect(await second.files.take('desk', sha256, 'image/jpeg', picture)).toMatchObject({ ok: true });
  expect(await second.store.read(sha256)).toBeDefined();

  const order = { ground: 'withdrawal', requestedOn: '2026-11-20', request: '12' };
  const heard = nextPoke(two);
  await push({ e: 'erasure', k: 'maria', set: order }, { e: 'erasure', k: 'f1', set: order });
  await heard;
  await second.follower.followed();
  const names = (): readonly string[] => second.ledger.read().map(({ name }) => name);
  expect(names()).toEqual(expect.arrayContaining(['maria', sha256]));
  expect(await second.store.read(sha256)).toBeUndefined();

  const caughtUp = nextPoke(two);
  await first.storage.withTransaction((tx) =>
    tx.addErased(centreId, [{ kind: 'id', name: 'ivan', seq: n + 10, at: 5_000 }])
  );
  await ask(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid()`,
    config.databaseUrl
  );
  await caughtUp;
  await second.follower.followed();
  expect(names()).toContain('ivan');
  for (const { follower } of [first, second]) {
    follower.stop();
    await follower.followed();
  }
});
