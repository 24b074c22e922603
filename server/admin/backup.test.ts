import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAccounts } from '#server/access/accounts.ts';
import { revokeDevice } from '#server/access/devices.ts';
import { secretFromFile } from '#server/access/secret-file.ts';
import { dataFiles } from '#server/data-files.ts';
import { lockData } from '#server/data-lock.ts';
import { openDiskStore } from '#server/files/file-store.ts';
import { createFiles } from '#server/files/files.ts';
import { testPicture } from '#server/files/testing-picture.ts';
import { randomBytes } from '#server/platform.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { createSyncService } from '#server/sync/sync-service.ts';
import { enrol, openTestCentre, type TestCentre } from '#server/sync/testing-centre.ts';
import { verify } from '#server/sync/verify.ts';
import { backup } from './backup.ts';
import { parseCommand } from './command.ts';
import { restore } from './restore.ts';
import { LedgerFile, uniteWithLedger } from '#server/erasure-ledger.ts';

let centre: TestCentre;
let copies: string;

beforeEach(async () => {
  centre = await openTestCentre();
  copies = mkdtempSync(join(tmpdir(), 'zimnik-backup-'));
  const secret = secretFromFile(dataFiles(centre.folder).secret, randomBytes);
  const database = { file: dataFiles(centre.folder).accounts };
  await (await openAccounts({ database, secret, url: 'http://localhost:4142' })).close();
});

afterEach(async () => {
  await centre.close();
  rmSync(copies, { recursive: true, force: true });
});

const quiet = (): void => undefined;
const store = () => openDiskStore(dataFiles(centre.folder).files);
const copyTo = (folder: string) => {
  const live = {
    storage: centre.storage,
    centre: centre.deps.centre,
    clock: () => centre.now,
    store: store()
  };
  return backup(centre.folder, folder, live, quiet);
};
const restoreFrom = (folder: string) => {
  const deps = { centre: centre.deps.centre, random: randomBytes, clock: () => centre.now, store: store() };
  return restore(folder, centre.folder, deps, quiet);
};
const person = (k: string, surname: string) => ({ e: 'person', k, set: { surname } });

test('a copy made beside a working server is whole, and the devices learn how far it reaches', async () => {
  const tablet = await enrol(centre, 'tablet', 'field', 'kristina');
  await tablet.ok([tablet.operation([person('maria', 'Молданова')])]);
  const folder = join(copies, 'tonight');
  expect(await copyTo(folder)).toEqual({ ok: true, value: { folder, seq: 1 } });
  // One file a database, and nothing half made beside it.
  expect(readdirSync(folder).sort()).toEqual(['accounts.sqlite', 'backup.json', 'centre.sqlite', 'secret']);
  expect(readdirSync(copies)).toEqual(['tonight']);
  expect((await tablet.ok([])).durable).toBe(1);
});

test('pictures go with the copy, are linked from the last one, and come back', async () => {
  const tablet = await enrol(centre, 'tablet', 'field', 'kristina');
  const bytes = testPicture(3_000);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const set = { of: 'event', target: 'e1', file: sha256 };
  await tablet.ok([tablet.operation([{ e: 'photo', k: 'p1', set }])]);
  const files = createFiles({ ...centre.deps, store: store(), reserve: 0 });
  expect(await files.take('tablet', sha256, 'image/jpeg', bytes)).toMatchObject({ ok: true });
  const [first, second] = [join(copies, '2026-11-24T0300Z'), join(copies, '2026-11-25T0300Z')];
  expect(await copyTo(first)).toMatchObject({ ok: true });
  expect(await copyTo(second)).toMatchObject({ ok: true });
  const inside = (folder: string) => join(dataFiles(folder).files, sha256.slice(0, 2), sha256);
  expect(statSync(inside(second)).ino).toBe(statSync(inside(first)).ino);
  await store().remove(sha256);
  const found = await verify(centre.storage, 'centre', nodeHashing, quiet, store());
  expect(found.findings).toEqual([{ type: 'attachment_missing', sha256 }]);
  // What is lost already does not keep the rest from being copied.
  expect(await copyTo(join(copies, '2026-11-26T0300Z'))).toMatchObject({ ok: true });
  writeFileSync(inside(first), 'another picture');
  await centre.storage.close();
  expect(await restoreFrom(second)).toMatchObject({ ok: false, error: { type: 'not_proved' } });
  writeFileSync(inside(first), bytes);
  expect(await restoreFrom(second)).toMatchObject({ ok: true });
  expect(await store().read(sha256)).toEqual(Buffer.from(bytes));
});

test('a copy never goes over another one', async () => {
  const folder = join(copies, 'tonight');
  await copyTo(folder);
  expect(await copyTo(folder)).toEqual({ ok: false, error: { type: 'not_empty' } });
});

test('a place that cannot be written is told as that, and leaves nothing behind', async () => {
  const file = join(copies, 'file');
  writeFileSync(file, '');
  expect(await copyTo(file)).toEqual({ ok: false, error: { type: 'not_empty' } });
  expect(await copyTo(join(file, 'tonight'))).toMatchObject({
    ok: false,
    error: { type: 'no_place', trouble: { type: 'forbidden' } }
  });
  expect(readdirSync(copies)).toEqual(['file']);
});

test('a copy whose records are not the fold of its log is not kept, and no device believes in it', async () => {
  const tablet = await enrol(centre, 'tablet', 'field', 'kristina');
  await tablet.ok([tablet.operation([person('maria', 'Молданова')])]);
  await centre.meddle(`UPDATE records SET state = replace(state, 'Молданова', 'Другая')`);
  const folder = join(copies, 'tonight');
  expect(await copyTo(folder)).toMatchObject({ ok: false, error: { type: 'not_proved' } });
  // Nor does what there is of it stay on the disk.
  expect(readdirSync(copies)).toEqual([]);
  expect((await tablet.ok([])).durable).toBe(0);
});

test('after a restore the history is a new one: the tablet is asked for its work again, and nothing is lost', async () => {
  const tablet = await enrol(centre, 'tablet', 'field', 'kristina');
  const stolen = await enrol(centre, 'stolen', 'field', 'dmitry');
  const first = tablet.operation([person('maria', 'Молданова')]);
  await tablet.ok([first]);
  const folder = join(copies, 'tonight');
  await copyTo(folder);
  const later = [
    tablet.operation([person('anna', 'Тарлина')]),
    tablet.operation([person('ilya', 'Сенгепов')])
  ];
  await tablet.ok(later);
  await revokeDevice(centre.deps, stolen.id);
  const { epoch } = await headOf(centre.storage);
  await centre.storage.close();

  const lock = lockData(centre.folder, 'http://localhost:3000');
  expect(await restoreFrom(folder)).toMatchObject({ ok: false, error: { type: 'in_use' } });
  lock.release();
  const restored = await restoreFrom(folder);
  expect(restored).toMatchObject({ ok: true, value: { seq: 1, seqBefore: 3 } });
  const aside = restored.ok ? (restored.value.movedTo ?? '') : '';
  expect(readdirSync(aside)).toContain('centre.sqlite');

  const storage = openSqliteStorage({ file: dataFiles(centre.folder).centre });
  const service = createSyncService({ ...centre.deps, storage });
  const exchange = (ops: readonly unknown[], known: string) =>
    service.exchange({ ...tablet.request(ops), epoch: known, head: null }, tablet.context);
  const told = await exchange([], epoch);
  expect(told).toMatchObject({ kind: 'epoch_changed', restoredTo: 1 });
  const next = 'epoch' in told ? told.epoch : '';
  // What the copy has is a repeat, the rest is judged as if it came for the first time.
  expect(await exchange([first, ...later], next)).toMatchObject({
    kind: 'ok',
    durable: 1,
    acks: [
      { o: 'applied', n: 1, repeat: true },
      { o: 'applied', n: 2, to: 3 }
    ]
  });
  const device = await storage.readSnapshot((snapshot) => snapshot.device(centre.deps.centre, stolen.id));
  expect(device?.revokedAt).not.toBeNull();
  expect(await verify(storage, centre.deps.centre, nodeHashing)).toMatchObject({
    operations: 3,
    findings: []
  });
  await storage.close();
});

test('a damaged copy, or what is none, changes nothing', async () => {
  const folder = join(copies, 'tonight');
  await copyTo(folder);
  await centre.storage.close();
  const before = readFileSync(dataFiles(centre.folder).centre);
  expect(await restoreFrom(copies)).toMatchObject({ error: { type: 'no_copy' } });
  const database = new Database(dataFiles(folder).centre);
  database.exec("UPDATE centres SET hash = 'ab'");
  database.close();
  expect(await restoreFrom(folder)).toMatchObject({ error: { type: 'not_proved' } });
  writeFileSync(dataFiles(folder).centre, 'no database');
  expect(await restoreFrom(folder)).toMatchObject({ error: { type: 'damaged', file: 'centre.sqlite' } });
  expect(readFileSync(dataFiles(centre.folder).centre)).toEqual(before);
  expect(readdirSync(centre.folder).filter((name) => name.startsWith('restoring'))).toEqual([]);
});

function headOf(storage: TestCentre['storage']) {
  return storage.readSnapshot(async (snapshot) => {
    const head = await snapshot.centre(centre.deps.centre);
    if (head === undefined) throw new Error('the centre was made');
    return head;
  });
}

test('commands are understood or refused whole', () => {
  expect(parseCommand([])).toEqual({ ok: true, value: { type: 'serve', fresh: false } });
  expect(parseCommand(['user', 'reset', 'a@b.org'])).toEqual({
    ok: true,
    value: { type: 'reset_password', email: 'a@b.org' }
  });
  expect(parseCommand(['user', 'role', 'a@b.org', 'administrator'])).toEqual({
    ok: true,
    value: { type: 'change_role', email: 'a@b.org', role: 'administrator' }
  });
  expect(parseCommand(['user', 'role', 'a@b.org', 'respondent']).ok).toBe(false);
  expect(parseCommand(['restore'])).toEqual({ ok: false, error: { type: 'unknown_command' } });
  expect(parseCommand(['verify', '--help'])).toEqual({ ok: true, value: { type: 'help' } });
});

/** The centre with its ledger in the data folder, as a server opens it. */
function withLedger() {
  const { erased } = dataFiles(centre.folder);
  const ledger = new LedgerFile(erased, centre.deps.centre);
  const deps = { ...centre.deps, ledger };
  return { ledger, deps, service: createSyncService(deps) };
}

async function eraseMaria(): Promise<void> {
  const tablet = await enrol(centre, 'tablet', 'field', 'kristina');
  await tablet.ok([tablet.operation([person('maria', 'Молданова'), person('ivan', 'Кугин')])]);
  await copyTo(join(copies, 'before'));
  const desk = await enrol(centre, 'desk', 'coordinator', 'olga');
  const { service } = withLedger();
  const decision = desk.operation([
    { e: 'erasure', k: 'maria', set: { ground: 'withdrawal', requestedOn: '2026-11-20' } }
  ]);
  expect(await service.exchange(desk.request([decision]), desk.context)).toMatchObject({ kind: 'ok' });
}

async function surnames(): Promise<readonly unknown[]> {
  const storage = openSqliteStorage({ file: dataFiles(centre.folder).centre });
  const people = await storage.readSnapshot((snapshot) => snapshot.recordsOfType('centre', 'person'));
  expect((await verify(storage, 'centre', nodeHashing)).findings).toEqual([]);
  await storage.close();
  return people.map(({ k, fields }) => [k, fields['surname']?.v]);
}

test('a copy from before an erasure is put back without the erased person', async () => {
  await eraseMaria();
  await centre.storage.close();
  expect(await restoreFrom(join(copies, 'before'))).toMatchObject({ ok: true });
  expect(await surnames()).toEqual([
    ['ivan', 'Кугин'],
    ['maria', undefined]
  ]);
  expect(readFileSync(dataFiles(centre.folder).centre).includes('Молданова')).toBe(false);
});

test('a newer copy beside it tells an older one what was erased, where nothing else is left', async () => {
  await eraseMaria();
  await copyTo(join(copies, 'after'));
  await centre.storage.close();
  for (const file of Object.values(dataFiles(centre.folder))) rmSync(file, { force: true, recursive: true });
  expect(await restoreFrom(join(copies, 'before'))).toMatchObject({ ok: true });
  expect(await surnames()).toEqual([
    ['ivan', 'Кугин'],
    ['maria', undefined]
  ]);
});

test('a database that somebody put back by hand is emptied before it serves, and a line cut in half harms no other', async () => {
  await eraseMaria();
  const { erased, centre: file } = dataFiles(centre.folder);
  writeFileSync(erased, `${readFileSync(erased, 'utf8')}{"centre":"centre","kind":"i`);
  await centre.storage.close();
  for (const beside of ['', '-wal', '-shm']) rmSync(`${file}${beside}`, { force: true });
  writeFileSync(file, readFileSync(dataFiles(join(copies, 'before')).centre));
  const storage = openSqliteStorage({ file });
  const { ledger, deps } = withLedger();
  await uniteWithLedger(storage, ledger, { ...deps, clock: () => centre.now });
  ledger.add([{ kind: 'id', name: 'later', at: 1 }]);
  expect(ledger.read().map(({ name }) => name)).toEqual(['maria', 'later']);
  await storage.close();
  expect(await surnames()).toEqual([
    ['ivan', 'Кугин'],
    ['maria', undefined]
  ]);
});

test('the files of the database hold nothing of an erased person, not even where it was overwritten', async () => {
  await eraseMaria();
  const { centre: file } = dataFiles(centre.folder);
  const files = ['', '-wal'].map((beside) => `${file}${beside}`).filter((path) => existsSync(path));
  for (const path of files) expect(readFileSync(path).includes('Молданова'), path).toBe(false);
});
