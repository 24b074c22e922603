import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './app-env.ts';

/** One line a request: no body, no address with a secret, no name. */
export interface RequestLine {
  readonly id: string;
  /** Method and pattern, such as `GET /survey/:link`. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

/** Where requests and errors are told: pino in the running server, a list in tests. */
export interface RequestLog {
  request(line: RequestLine): void;
  error(error: unknown, about: { readonly id: string; readonly route: string }): void;
}

/** Gives each request an id, which the answer and the log carry, and tells how it went. */
export function logRequests(log: RequestLog, newId: () => string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    const id = newId();
    c.set('requestId', id);
    c.set('route', `${c.req.method} other`);
    await next();
    c.header('x-request-id', id);
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    log.request({ id, route: c.get('route'), status: c.res.status, ms });
  };
}
