import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import Database from 'better-sqlite3';
import type { Pool } from 'pg';
import { fail, ok, type Result } from '#domain/result.ts';
import { isSecureUrl } from './site-url.ts';

export const officeRoles = ['coordinator', 'administrator'] as const;
export type OfficeRole = (typeof officeRoles)[number];
/** What an account can be made; `field` closes the office to it. */
export const accountRoles = ['field', ...officeRoles] as const;
export type AccountRole = (typeof accountRoles)[number];

/** Somebody who signs in with a password. `id` is the user id that operations carry as `by`. */
export interface OfficeUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: OfficeRole;
}

/** An account as the office's list shows it. */
export type AccountSummary = Omit<OfficeUser, 'role'> & { readonly role: AccountRole };

export interface NewOfficeUser {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: OfficeRole;
  /** User id, where it must be known beforehand; a random one unless told. */
  readonly id?: string;
}

/** The accounts of the office and their sessions. Cookies travel in the headers that are given and returned. */
export interface Accounts {
  /** Who is signed in, by the cookie in these headers. */
  whoIs(headers: Headers): Promise<OfficeUser | undefined>;
  /** The same, and renews the session: the headers to answer with carry the longer-lived cookie. */
  renew(headers: Headers): Promise<{ readonly user: OfficeUser; readonly headers: Headers } | undefined>;
  /** Headers with the cookie of a new session; undefined = no such account or another password. */
  signIn(credentials: { readonly email: string; readonly password: string }): Promise<Headers | undefined>;
  signOut(headers: Headers): Promise<Headers>;
  /** Changes the password of who is signed in and begins a new session in place of all; undefined = the present one is wrong. */
  changePassword(
    headers: Headers,
    change: { readonly present: string; readonly next: string }
  ): Promise<Headers | undefined>;
  create(user: NewOfficeUser): Promise<Result<OfficeUser, { readonly type: 'email_taken' }>>;
  all(): Promise<readonly OfficeUser[]>;
  /** Every account, those to which the office is closed among them. */
  list(): Promise<readonly AccountSummary[]>;
  /** The role that an account has now; undefined = no such account. */
  roleOf(user: string): Promise<AccountRole | undefined>;
  /** Sets a password and ends every session of that account; false = no such account. */
  setPassword(email: string, password: string): Promise<boolean>;
  /** Gives another role, which counts from the next request on; the user id, undefined = no such account. */
  setRole(email: string, role: AccountRole): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface AccountsOptions {
  /** Path of the accounts' own SQLite file, or PostgreSQL. It is closed with the accounts. */
  readonly database: { readonly file: string } | { readonly pool: Pool };
  /** Signs the cookies. */
  readonly secret: string;
  /** Origin under which browsers reach the server; https makes the cookie a `__Host-` one. */
  readonly url: string;
}

const daySeconds = 86_400;

/** Opens the accounts' database and brings it to the present shape. */
export async function openAccounts(options: AccountsOptions): Promise<Accounts> {
  const database = 'pool' in options.database ? options.database.pool : openFile(options.database.file);
  const settings = settingsOf(options, database);
  await oneAtATime(database, async () => (await getMigrations(settings)).runMigrations());
  const auth = betterAuth(settings);
  const context = await auth.$context;
  const { internalAdapter } = context;

  return {
    async whoIs(headers) {
      const session = await auth.api.getSession({ headers, query: { disableRefresh: true } });
      return session === null ? undefined : toOfficeUser(session.user);
    },
    async renew(headers) {
      const answer = await auth.api.getSession({ headers, returnHeaders: true });
      const user = answer.response === null ? undefined : toOfficeUser(answer.response.user);
      return user === undefined ? undefined : { user, headers: cookiesOf(answer.headers) };
    },
    async signIn(credentials) {
      const answer = await auth.api.signInEmail({ body: credentials, asResponse: true });
      if (!answer.ok) return undefined;
      const found = await internalAdapter.findUserByEmail(credentials.email);
      // The office may be closed to an account whose password is right.
      return found === null || toOfficeUser(found.user) === undefined ? undefined : cookiesOf(answer.headers);
    },
    async signOut(headers) {
      const answer = await auth.api.signOut({ headers, asResponse: true });
      return cookiesOf(answer.headers);
    },
    async changePassword(headers, { present, next }) {
      const answer = await auth.api.changePassword({
        headers,
        body: { currentPassword: present, newPassword: next, revokeOtherSessions: true },
        asResponse: true
      });
      return answer.ok ? cookiesOf(answer.headers) : undefined;
    },
    async create({ password, ...user }) {
      if ((await internalAdapter.findUserByEmail(user.email)) !== null) return fail({ type: 'email_taken' });
      const hashed = await context.password.hash(password);
      const made = await internalAdapter.createUser(
        { ...user, emailVerified: true },
        { method: 'email-password' }
      );
      await internalAdapter.linkAccount({
        userId: made.id,
        accountId: made.id,
        providerId: 'credential',
        password: hashed
      });
      return ok({ id: made.id, name: user.name, email: made.email, role: user.role });
    },
    async all() {
      return (await internalAdapter.listUsers()).flatMap((user) => toOfficeUser(user) ?? []);
    },
    async list() {
      const users: readonly {
        readonly id: string;
        readonly name: string;
        readonly email: string;
        readonly role?: unknown;
      }[] = await internalAdapter.listUsers();
      return users.map(({ id, name, email, role }) => ({
        id,
        name,
        email,
        role: accountRoles.find((known) => known === role) ?? 'field'
      }));
    },
    async roleOf(id) {
      const user: { readonly id: string; readonly role?: unknown } | null =
        await internalAdapter.findUserById(id);
      return accountRoles.find((known) => known === user?.role);
    },
    async setPassword(email, password) {
      const found = await internalAdapter.findUserByEmail(email);
      if (found === null) return false;
      await internalAdapter.updatePassword(found.user.id, await context.password.hash(password));
      await internalAdapter.deleteUserSessions(found.user.id);
      return true;
    },
    async setRole(email, role) {
      const found = await internalAdapter.findUserByEmail(email);
      if (found === null) return undefined;
      await internalAdapter.updateUser(found.user.id, { role });
      if (role === 'field') await internalAdapter.deleteUserSessions(found.user.id);
      return found.user.id;
    },
    async close() {
      if (database instanceof Database) database.close();
      else await database.end();
    }
  };
}

function openFile(file: string): Database.Database {
  const database = new Database(file, { timeout: 5_000 });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  return database;
}

/** Processes that start together on one PostgreSQL make its tables one after another. */
const migrationLock = 7_203_118_441;

async function oneAtATime(database: Database.Database | Pool, task: () => Promise<void>): Promise<void> {
  if (database instanceof Database) return task();
  const client = await database.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await task();
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [migrationLock]);
    client.release();
  }
}

function settingsOf({ secret, url }: AccountsOptions, database: Database.Database | Pool) {
  const secure = isSecureUrl(url);
  const cookie = (part: string) => ({ name: secure ? `__Host-zimnik${part}` : `zimnik${part}` });
  return {
    appName: 'Zimnik',
    baseURL: url,
    secret,
    database,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 200
    },
    user: { additionalFields: { role: { type: 'string' as const, required: true, input: false } } },
    session: { expiresIn: 30 * daySeconds, updateAge: daySeconds },
    // Requests are counted by the server itself, by account and address.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      // The library would add `__Secure-` before every name, and a `__Host-` cookie must begin with that.
      useSecureCookies: false,
      defaultCookieAttributes: { secure, httpOnly: true, sameSite: 'lax' as const, path: '/' },
      cookies: {
        session_token: cookie(''),
        session_data: cookie('-data'),
        account_data: cookie('-account'),
        dont_remember: cookie('-short')
      }
    }
  };
}

function toOfficeUser(user: {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role?: unknown;
}): OfficeUser | undefined {
  const role = officeRoles.find((known) => known === user.role);
  return role === undefined ? undefined : { id: user.id, name: user.name, email: user.email, role };
}

/** Only the cookies: an answer's other headers belong to a body that is not passed on. */
function cookiesOf(from: Headers): Headers {
  const headers = new Headers();
  for (const cookie of from.getSetCookie()) headers.append('set-cookie', cookie);
  return headers;
}
