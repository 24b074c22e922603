import type { Context } from 'hono';
import { sameDigest } from '#server/sync/hashing.ts';
import { isLocalhost } from '#server/access/site-url.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { bearerOf } from './bearer.ts';

/** The caller's address. What a proxy says counts only when the configuration trusts it. */
export function addressOf(c: Context<AppEnv>, trustProxy: boolean): string {
  const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
  if (trustProxy && forwarded !== undefined && forwarded !== '') return forwarded.slice(0, 64);
  return directAddressOf(c);
}

/**
 * With a token in force only the token opens; otherwise a request that came straight from this machine. A server with a
 * public address has a proxy on this machine: unless it is known to say for whom it asks, everybody would come from here.
 */
export function isAllowedMachine(
  c: Context<AppEnv>,
  deps: Pick<AppDeps, 'metricsToken' | 'hashing' | 'url' | 'trustProxy'>
): boolean {
  if (deps.metricsToken !== undefined) {
    const given = bearerOf(c.req.raw) ?? '';
    return sameDigest(deps.hashing.sha256(given), deps.hashing.sha256(deps.metricsToken));
  }
  if (!isLocalhost(deps.url) && deps.trustProxy !== true) return false;
  const isPassedOn = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'].some(
    (name) => c.req.header(name) !== undefined
  );
  return !isPassedOn && /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/.test(directAddressOf(c));
}

function directAddressOf(c: Context<AppEnv>): string {
  return c.env?.incoming?.socket.remoteAddress ?? '';
}
