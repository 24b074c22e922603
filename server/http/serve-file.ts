import type { Context } from 'hono';
import type { AppEnv } from './app-env.ts';
import type { SiteFile } from './site.ts';

/** Answers with a file in the best form that the browser takes; unchanged ones cost a 304. */
export function serveFile(
  c: Context<AppEnv>,
  file: SiteFile,
  extra: Readonly<Record<string, string>> = {},
  status: 200 | 404 | 410 = 200
): Response {
  const headers: Record<string, string> = {
    // Weak: the packed and the plain form are the same to a reader, but not byte for byte.
    etag: `W/${file.etag}`,
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    ...extra
  };
  if (status === 200 && matches(c.req.header('if-none-match'), file.etag)) return c.body(null, 304, headers);
  headers['content-type'] = file.type;
  const accepts = acceptedEncodings(c.req.header('accept-encoding') ?? '');
  const packed =
    file.brotli !== undefined && accepts('br')
      ? { encoding: 'br', body: file.brotli }
      : file.gzip !== undefined && accepts('gzip')
        ? { encoding: 'gzip', body: file.gzip }
        : undefined;
  if (packed !== undefined) headers['content-encoding'] = packed.encoding;
  const body = packed?.body ?? file.body;
  headers['content-length'] = String(body.byteLength);
  return c.body(body, status, headers);
}

/** Proxies that compress mark the tag as weak. */
function matches(asked: string | undefined, etag: string): boolean {
  return asked !== undefined && asked.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** `br;q=0` refuses, `*` speaks of those that are not named. */
function acceptedEncodings(header: string): (encoding: string) => boolean {
  const weights = new Map(
    header.split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return [name, weight === undefined ? 1 : Number(weight.slice(2))];
    })
  );
  return (encoding) => (weights.get(encoding) ?? weights.get('*') ?? 0) > 0;
}
