import * as v from 'valibot';
import {
  syncMediaType,
  syncResponseSchema,
  type SyncRequest,
  type SyncResponse
} from '#domain/sync/protocol.ts';

/** One answer from the network, whoever gave it: the server, a proxy or a captive portal. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  /** What the body holds as JSON, unpacked; undefined when it is no JSON. */
  readonly json: unknown;
  /** By which the centre's log tells of it; null where somebody else answered. */
  readonly id?: string | null;
  /** It answers a request that was sent ahead of the one that was given: the device's clock by then. */
  readonly askedAhead?: Pick<SyncRequest, 'now' | 'clock'>;
}

/** An answer is ours only if it is the protocol's JSON with `z:1`; anything else changes nothing (I28). */
export function readAnswer(raw: RawAnswer): SyncResponse | undefined {
  const parsed = v.safeParse(syncResponseSchema, raw.json);
  return parsed.success ? parsed.output : undefined;
}

/** The way of one exchange. */
export interface Transport {
  /** Sends one request. Throws when there is no answer at all (no network, time-out, cut link). */
  (request: SyncRequest, credentials: Credentials): Promise<RawAnswer>;
  /** Told of the last answer before it is stored: sends meanwhile what will be asked for after it. */
  readonly askAhead?: (answer: SyncResponse) => void;
}

export interface Credentials {
  readonly secret: string;
  /** The link of a respondent's campaign. */
  readonly link?: string;
}

/** Bodies shorter than this (characters) are sent as they are. */
const gzipFrom = 300;

/** Sends one body that stands for a request; a request is a body of its own, in plain JSON. */
export type Post = (body: unknown, credentials: Credentials) => Promise<RawAnswer>;

/** The way to the server over `fetch`: gzip and a time limit. */
export function createHttpPost(options: {
  readonly fetch: typeof fetch;
  readonly url: string;
  readonly timeoutMs: number;
  /** Resolves to undefined where the browser has no compressor. */
  readonly gzip: (text: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
}): Post {
  return async (body, credentials) => {
    const text = JSON.stringify(body);
    const compressed = text.length > gzipFrom ? await options.gzip(text) : undefined;
    // AbortSignal.timeout is younger than the survey's browser floor.
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), options.timeoutMs);
    try {
      const response = await options.fetch(options.url, {
        method: 'POST',
        body: compressed ?? text,
        headers: {
          'content-type': syncMediaType,
          authorization: `Bearer ${credentials.secret}`,
          ...(compressed === undefined ? {} : { 'content-encoding': 'gzip' }),
          ...(credentials.link === undefined ? {} : { 'x-zimnik-link': credentials.link })
        },
        // The server needs no word about the page that asks.
        referrerPolicy: 'no-referrer',
        signal: limit.signal
      });
      return {
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        id: response.headers.get('x-request-id'),
        json: parse(await response.text())
      };
    } finally {
      clearTimeout(timer);
    }
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A portal's page, a proxy's error, a cut body: the caller sees that it is not ours (I28).
    return undefined;
  }
}
