import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enrol, openTestCentre, type TestCentre } from '#server/sync/testing-centre.ts';
import { openAccounts, type AccountRole, type Accounts } from './accounts.ts';
import { changeRole } from './change-role.ts';

let centre: TestCentre;
let accounts: Accounts;
const account = (id: string, role: 'coordinator' | 'administrator') => ({
  id,
  name: id,
  email: `${id}@example.org`,
  password: 'winter road 7',
  role
});

beforeEach(async () => {
  centre = await openTestCentre();
  accounts = await openAccounts({
    database: { file: join(centre.folder, 'roles.sqlite') },
    secret: 'f'.repeat(64),
    url: 'http://localhost:4141'
  });
  await accounts.create(account('anna', 'administrator'));
});

afterEach(async () => {
  await accounts.close();
  await centre.close();
});

const give = (email: string, role: AccountRole) => changeRole({ ...centre.deps, accounts }, email, role);
const device = (id: string) => centre.storage.readSnapshot((snapshot) => snapshot.device('centre', id));

test('an office device follows its user and remembers the former role; a tablet stays a tablet', async () => {
  await accounts.create(account('olga', 'administrator'));
  await enrol(centre, 'desk', 'administrator', 'olga');
  await enrol(centre, 'tablet', 'field', 'olga');
  expect(await give('OLGA@example.org', 'coordinator')).toEqual({ ok: true, value: { devices: 1 } });
  expect(await device('desk')).toMatchObject({
    role: 'coordinator',
    formerRole: 'administrator',
    roleChangedAt: centre.now
  });
  expect(await device('tablet')).toMatchObject({ role: 'field', formerRole: null });
  expect((await accounts.all()).find((user) => user.id === 'olga')?.role).toBe('coordinator');
});

test('the last administrator keeps the role, and an unknown address is said so', async () => {
  expect(await give('anna@example.org', 'coordinator')).toEqual({
    ok: false,
    error: { type: 'last_administrator' }
  });
  expect(await give('nobody@example.org', 'coordinator')).toEqual({
    ok: false,
    error: { type: 'unknown_email' }
  });
});

test('what was written in the office before its role was taken away waits; what is written after is refused', async () => {
  const olga = account('olga', 'coordinator');
  await accounts.create(olga);
  const desk = await enrol(centre, 'desk', 'coordinator', 'olga');
  const settlement = (id: string) => desk.operation([{ e: 'settlement', k: id, set: { name: 'Село' } }]);
  const outcomes = async (...operations: readonly unknown[]) =>
    (await desk.ok(operations)).acks.map((ack) => ack.o);
  expect(await outcomes(settlement('v1'))).toEqual(['applied']);
  const before = settlement('v2');
  centre.now += 10_000;
  await give(olga.email, 'field');
  centre.now += 10_000;
  expect(await outcomes(before)).toEqual(['held']);
  centre.now += 10_000;
  expect(await outcomes(settlement('v3'))).toEqual(['refused']);

  expect(await accounts.signIn(olga)).toBeUndefined();
  await give(olga.email, 'coordinator');
  expect(await accounts.signIn(olga)).toBeDefined();
  expect(await outcomes(settlement('v4'))).toEqual(['applied']);
});
