import type { MiddlewareHandler } from 'hono';
import { isLocalhost } from '#server/access/site-url.ts';
import type { AppEnv } from './app-env.ts';
import { errorAnswer } from './errors.ts';

/** Refuses changes that a page of another site makes with somebody's cookie. Programs send no Origin and no cookie. */
export function refuseForeignOrigins(url: string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const origin = c.req.header('origin');
    const own =
      origin === undefined || isOwnOrigin(origin, url) || c.req.header('sec-fetch-site') === 'same-origin';
    return own ? next() : errorAnswer(c, 'foreign_origin');
  };
}

function isOwnOrigin(origin: string, url: string): boolean {
  // While developing, the app's pages come from another port of this machine.
  return origin === url || (isLocalhost(url) && /^http:\/\/localhost(:\d+)?$/.test(origin));
}
