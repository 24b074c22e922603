import type { Context, MiddlewareHandler } from 'hono';
import { syncMediaType } from '#domain/sync/protocol.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { bearerOf } from './bearer.ts';
import { errorAnswer } from './errors.ts';
import { addressOf } from './machine.ts';
import { routes } from './route-table.ts';
import { TokenBuckets } from './token-buckets.ts';

const guessable = new Set(
  Object.entries(routes).flatMap(([key, rule]) => ('guessable' in rule ? [key] : []))
);

/**
 * Counts requests by device and by link before the address: a whole village shares one address, so that one is
 * generous and only catches floods. Codes and passwords may be guessed a few times only.
 */
export function limitRates(
  deps: Pick<AppDeps, 'clock' | 'hashing' | 'trustProxy' | 'addressLimit'>
): MiddlewareHandler<AppEnv> {
  const addressLimit = deps.addressLimit ?? 6_000;
  const devices = new TokenBuckets({ burst: 120, perSecond: 2 });
  const links = new TokenBuckets({ burst: 1_200, perSecond: 20 });
  const addresses = new TokenBuckets({ burst: Math.ceil(addressLimit / 2), perSecond: addressLimit / 60 });
  const guesses = new TokenBuckets({ burst: 20, perSecond: 0.1 });

  return async (c, next) => {
    const now = deps.clock();
    const address = addressOf(c, deps.trustProxy === true);
    const secret = bearerOf(c.req.raw);
    const link = c.req.header('x-zimnik-link') ?? /^\/(?:api\/)?survey\/([^/.]+)$/.exec(c.req.path)?.[1];
    const key = `${c.req.method} ${c.req.path}`;
    const waits = [
      secret === undefined ? 0 : devices.take(deps.hashing.sha256(secret), now),
      link === undefined ? 0 : links.take(deps.hashing.sha256(link), now),
      guessable.has(key) ? guesses.take(`${address} ${key}`, now) : 0,
      addresses.take(address, now)
    ];
    const afterMs = Math.max(...waits);
    return afterMs > 0 ? slowDown(c, afterMs) : next();
  };
}

function slowDown(c: Context<AppEnv>, afterMs: number): Response {
  const retryAfter = String(Math.ceil(afterMs / 1_000));
  c.set('route', `${c.req.method} limited`);
  if (c.req.path === '/api/sync') {
    // Devices read only answers of the exchange.
    return c.body(JSON.stringify({ kind: 'slow_down', z: 1, after: Math.ceil(afterMs) }), 429, {
      'content-type': syncMediaType,
      'cache-control': 'no-store',
      'retry-after': retryAfter
    });
  }
  const answer = errorAnswer(c, 'slow_down');
  answer.headers.set('retry-after', retryAfter);
  return answer;
}
