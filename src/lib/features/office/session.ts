import { m } from '$lib/paraglide/messages.js';
import * as v from 'valibot';
import { plainIdSchema } from '#domain/ids.ts';
import type { Result } from '#domain/result.ts';
import { openApp, type App } from '$lib/app/open-app.ts';
import { databaseNameFor, rememberDatabase } from '$lib/app/principals.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { nothing, request, type RequestError } from './api.ts';

const officeRoles = ['coordinator', 'administrator'] as const;
const userSchema = v.object({ id: plainIdSchema, name: v.string(), role: v.picklist(officeRoles) });
const sessionSchema = v.object({ user: v.nullable(userSchema) });
const identitySchema = v.object({
  device: plainIdSchema,
  secret: v.string(),
  user: plainIdSchema,
  role: v.picklist(officeRoles),
  name: v.string(),
  userName: v.optional(v.string())
});

/** What the desk opens with: the app, or the reason why somebody has to do something first. */
export type Opening =
  | { readonly type: 'open'; readonly app: App }
  | { readonly type: 'sign_in' }
  | { readonly type: 'no_network' }
  /** `error`: what the server answered; without it this browser could not do its part. */
  | { readonly type: 'failed'; readonly error?: RequestError };

/** What opening needs from the browser; tests pass their own. */
export interface OpeningDeps {
  readonly fetch: typeof fetch;
  readonly storage: Storage;
  readonly build: string;
  readonly onError: (error: unknown) => void;
}

/**
 * Opens the desk of whoever is signed in. A browser that knows its database opens it without a connection too: the
 * records are there, and the exchange asks for the sign-in by itself. Another person gets a database of their own.
 */
export async function openDesk(deps: OpeningDeps): Promise<Opening> {
  const session = await request(deps.fetch, '/api/session', { schema: sessionSchema });
  const known = await databaseNameFor(deps.storage, 'office');
  if (!session.ok) {
    const app = known === undefined ? undefined : await open(deps, known);
    return app === undefined ? { type: 'no_network' } : { type: 'open', app };
  }
  const { user } = session.value;
  if (user === null) return { type: 'sign_in' };
  const own = known === undefined ? undefined : await open(deps, known);
  if (own !== undefined && own.device.user === user.id && own.device.signIn === undefined)
    return { type: 'open', app: own };
  own?.close();
  return connect(deps);
}

/** Makes this browser a device of the office and opens its new database. */
async function connect(deps: OpeningDeps): Promise<Opening> {
  const made = await request(deps.fetch, '/api/devices/office', {
    method: 'POST',
    body: { name: deviceName() },
    schema: identitySchema
  });
  if (!made.ok) return made.error.type === 'no_network' ? made.error : { type: 'failed', error: made.error };
  const name = `zimnik/office-${made.value.device}`;
  const { device, secret, role, user, userName = '' } = made.value;
  const database = new DeviceDatabase(name);
  await ensureIdentity(database, { device, secret, role, user, name: userName });
  database.close();
  rememberDatabase(deps.storage, 'office', name);
  const app = await open(deps, name);
  return app === undefined ? { type: 'failed' } : { type: 'open', app };
}

function open(deps: OpeningDeps, databaseName: string): Promise<App | undefined> {
  return openApp({ databaseName, build: deps.build, onError: deps.onError });
}

/** How the list of devices calls this browser. */
function deviceName(): string {
  const systems = ['Windows', 'Android', 'iPhone', 'Mac OS', 'Linux'];
  const system = systems.find((name) => navigator.userAgent.includes(name));
  return system === undefined ? m.office_computer() : `${m.office_computer()}, ${system}`;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}
export async function signIn(
  send: typeof fetch,
  credentials: Credentials
): Promise<Result<undefined, RequestError>> {
  return request(send, '/api/sign-in', { method: 'POST', body: credentials, schema: nothing });
}

/** The demonstration's link carries its token: one click signs in. */
export async function signInToDemo(
  send: typeof fetch,
  token: string
): Promise<Result<undefined, RequestError>> {
  return request(send, '/api/demo/sign-in', { method: 'POST', body: { token }, schema: nothing });
}

export async function signOut(send: typeof fetch): Promise<Result<undefined, RequestError>> {
  return request(send, '/api/sign-out', { method: 'POST', schema: nothing });
}

export interface SetUpRequest {
  readonly code: string;
  readonly centreName: string;
  readonly timeZone: string;
  readonly phone?: string;
  readonly administrator: Credentials & { readonly name: string };
  readonly second?: Credentials & { readonly name: string };
}

/** Whether the centre waits for its first start. */
export async function isSetUpNeeded(
  send: typeof fetch
): Promise<Result<{ readonly needed: boolean }, RequestError>> {
  return request(send, '/api/setup', { schema: v.object({ needed: v.boolean() }) });
}

/** The first start: names the centre and its people; whoever holds the link is signed in at once. */
export async function setUpCentre(
  send: typeof fetch,
  body: SetUpRequest
): Promise<Result<unknown, RequestError>> {
  return request(send, '/api/setup', { method: 'POST', body, schema: v.unknown() });
}
