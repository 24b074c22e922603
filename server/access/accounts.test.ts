import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAccounts, type Accounts } from './accounts.ts';

let folder: string;
let accounts: Accounts;
const anna = {
  name: 'Анна',
  email: 'anna@example.org',
  password: 'winter road 7',
  role: 'coordinator'
} as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zimnik-accounts-'));
});

afterEach(async () => {
  await accounts.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(url: string): Promise<Accounts> {
  accounts = await openAccounts({
    database: { file: join(folder, 'accounts.sqlite') },
    secret: 'f'.repeat(64),
    url
  });
  return accounts;
}

function cookieHeader(headers: Headers): Headers {
  return new Headers({
    cookie: headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')
  });
}

test('over https the session cookie is bound to the host', async () => {
  await open('https://zimnik.example.org');
  const made = await accounts.create(anna);
  const signedIn = await accounts.signIn(anna);
  const [cookie = ''] = signedIn?.getSetCookie() ?? [];
  expect(cookie).toMatch(/^__Host-zimnik=/);
  expect(cookie).toMatch(/; Path=\//);
  expect(cookie).toMatch(/; Secure/);
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).not.toMatch(/Domain/i);
  const user = await accounts.whoIs(cookieHeader(signedIn ?? new Headers()));
  expect(user).toEqual({
    id: made.ok ? made.value.id : '',
    name: 'Анна',
    email: anna.email,
    role: 'coordinator'
  });
  expect(user?.id).toMatch(/^[A-Za-z0-9_.-]{1,32}$/);
});

test('on this machine itself the cookie is a plain one', async () => {
  await open('http://localhost:4140');
  await accounts.create(anna);
  const [cookie = ''] = (await accounts.signIn(anna))?.getSetCookie() ?? [];
  expect(cookie).toMatch(/^zimnik=/);
  expect(cookie).not.toMatch(/Secure/);
});

test('a wrong password and an unknown account give the same nothing', async () => {
  await open('http://localhost:4140');
  await accounts.create(anna);
  expect(await accounts.signIn({ email: anna.email, password: 'summer road 7' })).toBeUndefined();
  expect(await accounts.signIn({ email: 'nobody@example.org', password: 'winter road 7' })).toBeUndefined();
});

test('one address has one account', async () => {
  await open('http://localhost:4140');
  await accounts.create(anna);
  expect(await accounts.create({ ...anna, email: 'ANNA@example.org' })).toEqual({
    ok: false,
    error: { type: 'email_taken' }
  });
  expect(await accounts.all()).toHaveLength(1);
});

test('a password set by the administrator ends the sessions that were open', async () => {
  await open('http://localhost:4140');
  await accounts.create(anna);
  const before = cookieHeader((await accounts.signIn(anna)) ?? new Headers());
  expect(await accounts.setPassword(anna.email, 'ice crossing 12')).toBe(true);
  expect(await accounts.whoIs(before)).toBeUndefined();
  expect(await accounts.signIn(anna)).toBeUndefined();
  expect(await accounts.signIn({ email: anna.email, password: 'ice crossing 12' })).toBeDefined();
  expect(await accounts.setPassword('nobody@example.org', 'ice crossing 12')).toBe(false);
});

test('signing out ends the session on the server, not only in the browser', async () => {
  await open('http://localhost:4140');
  await accounts.create(anna);
  const cookie = cookieHeader((await accounts.signIn(anna)) ?? new Headers());
  await accounts.signOut(cookie);
  expect(await accounts.whoIs(cookie)).toBeUndefined();
});

test('the password is changed only by who knows the present one', async () => {
  await open('http://localhost:4140');
  await accounts.create(anna);
  const cookie = cookieHeader((await accounts.signIn(anna)) ?? new Headers());
  expect(
    await accounts.changePassword(cookie, { present: 'wrong password', next: 'ice crossing 12' })
  ).toBeUndefined();
  const renewed = await accounts.changePassword(cookie, { present: anna.password, next: 'ice crossing 12' });
  expect(await accounts.whoIs(cookie)).toBeUndefined();
  expect(await accounts.whoIs(cookieHeader(renewed ?? new Headers()))).toMatchObject({ name: 'Анна' });
  expect(await accounts.signIn({ email: anna.email, password: 'ice crossing 12' })).toBeDefined();
});
