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

test('a process that ends between the account and its devices leaves nobody with rights that were taken away', async () => {
  await accounts.create(account('olga', 'coordinator'));
  const desk = await enrol(centre, 'desk', 'coordinator', 'olga');
  desk.officeRole = (user) => accounts.roleOf(user);
  const rename = () => desk.operation([{ e: 'settlement', k: 'v1', set: { name: 'Село' } }]);
  expect((await desk.ok([rename()])).acks.map((ack) => ack.o)).toEqual(['applied']);

  // The account is changed, and nothing more: the power is gone.
  await accounts.setRole('olga@example.org', 'field');
  expect(await device('desk')).toMatchObject({ role: 'coordinator' });
  centre.now += 10_000;
  const told = await desk.ok([rename()]);
  expect(told.acks).toMatchObject([{ o: 'held', reason: 'rights_revoked' }]);
  expect(await device('desk')).toMatchObject({ role: 'field', formerRole: 'coordinator' });
  centre.now += 10_000;
  expect((await desk.ok([rename()])).acks.map((ack) => ack.o)).toEqual(['refused']);

  await accounts.setRole('olga@example.org', 'administrator');
  centre.now += 10_000;
  expect((await desk.ok([rename()])).acks.map((ack) => ack.o)).toEqual(['applied']);
  expect(await device('desk')).toMatchObject({ role: 'administrator' });
});

test('a desk whose user has no account any more may do nothing of the office', async () => {
  const desk = await enrol(centre, 'desk', 'coordinator', 'gone');
  desk.officeRole = (user) => accounts.roleOf(user);
  const answer = await desk.ok([desk.operation([{ e: 'settlement', k: 'v1', set: { name: 'Село' } }])]);
  expect(answer.acks.map((ack) => ack.o)).toEqual(['held']);
  expect(answer.streams.map(({ stream }) => stream)).not.toContain('office');
});

test('a desk to which the office was closed gets nothing more and is told to drop what the office alone may read', async () => {
  await accounts.create(account('olga', 'coordinator'));
  const desk = await enrol(centre, 'desk', 'coordinator', 'olga');
  const secret = { e: 'confidential_text', k: 'n1', set: { author: 'petr', request: 'Долги' } };
  const place = { e: 'settlement', k: 'v1', set: { name: 'Село' } };
  await desk.ok([desk.operation([secret]), desk.operation([place])]);
  await desk.ok([]);
  expect(Object.keys(desk.cursors)).toEqual(expect.arrayContaining(['office', 'answers']));

  await give('olga@example.org', 'field');
  const writer = await enrol(centre, 'other', 'coordinator', 'anna');
  await writer.ok([writer.operation([{ ...secret, k: 'n2' }]), writer.operation([{ ...place, k: 'v2' }])]);
  // A closed account has no session, and cannot begin one.
  desk.signedIn = false;
  const answer = await desk.ok([]);
  expect([...answer.revoked].sort()).toEqual(['answers', 'office']);
  expect(answer).toMatchObject({ streams: [], signIn: 'signed_out' });

  // Of the office's own work it still brings what it wrote before it was told; its word about records does not count.
  const marks = await desk.ok([desk.operation([{ ...place, k: 'v3' }])]);
  expect(marks.acks.map((ack) => ack.o)).toEqual(['refused']);
});

test('of several changes in a row a desk stays one of the office', async () => {
  await accounts.create(account('olga', 'coordinator'));
  const desk = await enrol(centre, 'desk', 'coordinator', 'olga');
  for (const role of ['field', 'coordinator', 'field', 'administrator'] as const) {
    centre.now += 10_000;
    if (role === 'coordinator') await desk.ok([]);
    await give('olga@example.org', role);
    expect(await device('desk')).toMatchObject({ role });
  }
});

test('an office closed, opened, closed and opened again before its browser heard of it is an office', async () => {
  const olga = account('olga', 'coordinator');
  await accounts.create(olga);
  const desk = await enrol(centre, 'desk', 'coordinator', 'olga');
  for (const role of ['field', 'coordinator', 'field', 'coordinator'] as const) {
    // The browser hears of the first change only.
    if (role === 'coordinator') await desk.exchange([]);
    centre.now += 10_000;
    await give(olga.email, role);
  }
  centre.now += 10_000;
  await give(olga.email, 'field');
  await give(olga.email, 'coordinator');
  expect(await device('desk')).toMatchObject({ role: 'coordinator' });
});
