import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAccounts } from '#server/access/accounts.ts';
import { secretFromFile } from '#server/access/secret-file.ts';
import { dataFiles } from '#server/data-files.ts';
import { randomBytes } from '#server/platform.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { enrol, openTestCentre, type TestCentre } from '#server/sync/testing-centre.ts';
import { verify } from '#server/sync/verify.ts';
import { backup } from './backup.ts';
import { parseCommand } from './command.ts';

let centre: TestCentre;
let copies: string;

beforeEach(async () => {
  centre = await openTestCentre();
  copies = mkdtempSync(join(tmpdir(), 'zimnik-backup-'));
  const secret = secretFromFile(dataFiles(centre.folder).secret, randomBytes);
  await (
    await openAccounts({
      database: { file: dataFiles(centre.folder).accounts },
      secret,
      url: 'http://localhost:4142'
    })
  ).close();
});

afterEach(async () => {
  await centre.close();
  rmSync(copies, { recursive: true, force: true });
});

const live = () => ({ storage: centre.storage, centre: centre.deps.centre, clock: () => centre.now });

test('a copy made beside a working server is whole, and the devices learn how far it reaches', async () => {
  const tablet = await enrol(centre, 'tablet', 'field', 'kristina');
  await tablet.ok([tablet.operation([{ e: 'person', k: 'maria', set: { surname: 'Молданова' } }])]);
  const folder = join(copies, 'tonight');
  expect(await backup(centre.folder, folder, live())).toEqual({ ok: true, value: { folder, seq: 1 } });

  const copy = openSqliteStorage({ file: dataFiles(folder).centre });
  const report = await verify(copy, centre.deps.centre, nodeHashing);
  await copy.close();
  expect(report).toMatchObject({ operations: 1, findings: [] });
  expect((await tablet.ok([])).durable).toBe(1);
});

test('a copy never goes over another one', async () => {
  const folder = join(copies, 'tonight');
  await backup(centre.folder, folder, live());
  expect(await backup(centre.folder, folder, live())).toEqual({ ok: false, error: { type: 'not_empty' } });
});

test('commands are understood or refused whole', () => {
  expect(parseCommand([])).toEqual({ ok: true, value: { type: 'serve' } });
  expect(parseCommand(['user', 'reset', 'a@b.org'])).toEqual({
    ok: true,
    value: { type: 'reset_password', email: 'a@b.org' }
  });
  expect(parseCommand(['user', 'role', 'a@b.org', 'administrator'])).toEqual({
    ok: true,
    value: { type: 'change_role', email: 'a@b.org', role: 'administrator' }
  });
  expect(parseCommand(['user', 'role', 'a@b.org', 'respondent']).ok).toBe(false);
  expect(parseCommand(['backup'])).toEqual({ ok: false, error: { type: 'unknown_command' } });
  expect(parseCommand(['verify', '--help'])).toEqual({ ok: true, value: { type: 'help' } });
});
