import { syncMediaType, type SyncRequest } from '#domain/sync/protocol.ts';

/** One answer from the network, whoever gave it: the server, a proxy or a captive portal. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Sends one request. Throws when there is no answer at all (no network, time-out, cut link). */
export type Transport = (request: SyncRequest, credentials: Credentials) => Promise<RawAnswer>;

export interface Credentials {
  readonly secret: string;
  /** The link of a respondent's campaign. */
  readonly link?: string;
}

/** Bodies shorter than this (characters) are sent as they are. */
const gzipFrom = 1_000;

/** The transport over `fetch`: gzip above 1 kB, a time limit, no redirects followed to another origin. */
export function createHttpTransport(options: {
  readonly fetch: typeof fetch;
  readonly url: string;
  readonly timeoutMs: number;
  /** Resolves to undefined where the browser has no compressor. */
  readonly gzip: (text: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
}): Transport {
  return async (request, credentials) => {
    const text = JSON.stringify(request);
    const compressed = text.length > gzipFrom ? await options.gzip(text) : undefined;
    // AbortSignal.timeout is younger than the survey's browser floor.
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), options.timeoutMs);
    try {
      return await send(text, compressed, credentials, limit.signal);
    } finally {
      clearTimeout(timer);
    }
  };

  async function send(
    text: string,
    compressed: Uint8Array<ArrayBuffer> | undefined,
    credentials: Credentials,
    signal: AbortSignal
  ): Promise<RawAnswer> {
    const response = await options.fetch(options.url, {
      method: 'POST',
      body: compressed ?? text,
      headers: {
        'content-type': syncMediaType,
        authorization: `Bearer ${credentials.secret}`,
        ...(compressed === undefined ? {} : { 'content-encoding': 'gzip' }),
        ...(credentials.link === undefined ? {} : { 'x-zimnik-link': credentials.link })
      },
      signal
    });
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await response.text()
    };
  }
}
