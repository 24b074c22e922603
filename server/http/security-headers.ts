import type { MiddlewareHandler } from 'hono';
import { isSecureUrl } from '#server/access/site-url.ts';
import type { AppEnv } from './app-env.ts';

/** For answers that are no page: nothing may be loaded or framed because of them. */
const nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Headers of every answer. Pages bring a content policy of their own. */
export function secureHeaders(url: string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', nothing);
    headers.set('x-content-type-options', 'nosniff');
    // The address of a questionnaire is its secret.
    headers.set('referrer-policy', 'no-referrer');
    headers.set('permissions-policy', 'camera=(self), geolocation=(self), microphone=(), payment=(), usb=()');
    headers.set('cross-origin-opener-policy', 'same-origin');
    if (!headers.has('cross-origin-resource-policy'))
      headers.set('cross-origin-resource-policy', 'same-origin');
    headers.set('x-frame-options', 'DENY');
    if (isSecureUrl(url)) headers.set('strict-transport-security', 'max-age=31536000');
  };
}
