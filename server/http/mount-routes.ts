import type { Context, Hono } from 'hono';
import { isOffice } from '#domain/sync/scope.ts';
import type { OfficeUser } from '#server/access/accounts.ts';
import type { DeviceRow } from '#server/storage/server-storage.ts';
import { unreachable } from '#domain/result.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { bearerOf } from './bearer.ts';
import { errorAnswer } from './errors.ts';
import { isAllowedMachine } from './machine.ts';
import { routes, type Access, type RouteKey } from './route-table.ts';

/** Who reads: a device by its secret, or somebody at the office by the cookie. */
export type Reader =
  | { readonly kind: 'device'; readonly device: DeviceRow }
  | { readonly kind: 'user'; readonly user: OfficeUser };

interface Callers {
  public: undefined;
  exchange: undefined;
  machine: undefined;
  device: DeviceRow;
  reader: Reader;
  office: OfficeUser;
  administrator: OfficeUser;
}
type Handler<Key extends RouteKey> = (
  c: Context<AppEnv>,
  caller: Callers[(typeof routes)[Key]['access']]
) => Response | Promise<Response>;

/** Handlers by route; each receives the caller whose right was checked. */
export type Handlers<Keys extends RouteKey> = { readonly [Key in Keys]: Handler<Key> };

/** Mounts every route of the table behind the check of its role. */
export function mountRoutes(app: Hono<AppEnv>, deps: AppDeps, handlers: Handlers<RouteKey>): void {
  for (const key of Object.keys(routes) as RouteKey[]) {
    const [method = '', path = ''] = key.split(' ');
    const handler = handlers[key] as (c: Context<AppEnv>, caller: unknown) => Response | Promise<Response>;
    app.on(method, path, async (c) => {
      c.set('route', key);
      const checked = await check(c, deps, routes[key].access);
      return checked instanceof Response ? checked : handler(c, checked.caller);
    });
  }
}

async function check(
  c: Context<AppEnv>,
  deps: AppDeps,
  access: Access
): Promise<Response | { readonly caller: unknown }> {
  switch (access) {
    case 'public':
    case 'exchange':
      return { caller: undefined };
    case 'machine':
      return isAllowedMachine(c, deps) ? { caller: undefined } : errorAnswer(c, 'forbidden');
    case 'device': {
      const device = await deviceOf(c, deps);
      if (device === undefined) return errorAnswer(c, 'sign_in');
      return device.revokedAt === null ? { caller: device } : errorAnswer(c, 'revoked');
    }
    case 'reader':
      return readerOf(c, deps);
    case 'office':
    case 'administrator': {
      const user = await deps.accounts.whoIs(c.req.raw.headers);
      if (user === undefined) return errorAnswer(c, 'sign_in');
      const isEnough = access === 'office' || user.role === 'administrator';
      return isEnough ? { caller: user } : errorAnswer(c, 'forbidden');
    }
    default:
      return unreachable(access);
  }
}

async function readerOf(c: Context<AppEnv>, deps: AppDeps): Promise<Response | { readonly caller: Reader }> {
  const user = await deps.accounts.whoIs(c.req.raw.headers);
  if (user !== undefined) return { caller: { kind: 'user', user } };
  const device = await deviceOf(c, deps);
  if (device === undefined) return errorAnswer(c, 'sign_in');
  if (device.revokedAt !== null) return errorAnswer(c, 'revoked');
  // A device of the office opens nothing by its secret alone: the sign-in may have been ended.
  return isOffice(device.role) ? errorAnswer(c, 'sign_in') : { caller: { kind: 'device', device } };
}

async function deviceOf(c: Context<AppEnv>, deps: AppDeps): Promise<DeviceRow | undefined> {
  const secret = bearerOf(c.req.raw);
  if (secret === undefined) return undefined;
  return deps.storage.readSnapshot((snapshot) =>
    snapshot.deviceBySecret(deps.centre, deps.hashing.sha256(secret))
  );
}
