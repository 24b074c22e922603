import * as v from 'valibot';
import {
  syncMediaType,
  syncResponseSchema,
  type SyncRequest,
  type SyncResponse
} from '#domain/sync/protocol.ts';
import type { Form, Packing } from './packing.ts';

/** One answer from the network, whoever gave it: the server, a proxy or a captive portal. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  /** What the body holds as JSON, unpacked; undefined when it is no JSON. */
  readonly json: unknown;
}

/** An answer is ours only if it is the protocol's JSON with `z:1`; anything else changes nothing (I28). */
export function readAnswer(raw: RawAnswer): SyncResponse | undefined {
  const parsed = v.safeParse(syncResponseSchema, raw.json);
  return parsed.success ? parsed.output : undefined;
}

/** Sends one request. Throws when there is no answer at all (no network, time-out, cut link). */
export type Transport = (request: SyncRequest, credentials: Credentials) => Promise<RawAnswer>;

export interface Credentials {
  readonly secret: string;
  /** The link of a respondent's campaign. */
  readonly link?: string;
}

/** Bodies shorter than this (characters) are sent as they are. */
const gzipFrom = 300;

/** Names that were not known so often are given up until the program starts again. */
const lastingFrom = 3;

/** The next form to try when the other side does not understand one. */
const plainer: Readonly<Record<Form, Form | undefined>> = {
  named: 'packed',
  packed: 'plain',
  plain: undefined
};

/**
 * The transport over `fetch`: the compact form where it is given one, gzip, a time limit. What the other side cannot read
 * in the compact form is sent again at once in the next plainer one.
 */
export function createHttpTransport(options: {
  readonly fetch: typeof fetch;
  readonly url: string;
  readonly timeoutMs: number;
  /** Resolves to undefined where the browser has no compressor. */
  readonly gzip: (text: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  readonly packing?: Packing;
}): Transport {
  const { packing } = options;
  let form: Form = packing === undefined ? 'plain' : 'named';
  let misread = 0;

  return async (request, credentials) => {
    let sent = form;
    for (;;) {
      const { json, ...raw } = await attempt(request, credentials, sent);
      const answer = packing === undefined ? json : await packing.unpack(json, request);
      const next = plainer[sent];
      if (next === undefined || !isMisread(json, answer)) return { ...raw, json: answer };
      sent = next;
      misread += 1;
      if (next === 'plain' || misread >= lastingFrom) form = next;
    }
  };

  async function attempt(request: SyncRequest, credentials: Credentials, sent: Form): Promise<RawAnswer> {
    const body = sent === 'plain' || packing === undefined ? request : await packing.pack(request, sent);
    const text = JSON.stringify(body);
    const compressed = text.length > gzipFrom ? await options.gzip(text) : undefined;
    // AbortSignal.timeout is younger than the survey's browser floor.
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), options.timeoutMs);
    try {
      return await send(text, compressed, credentials, limit.signal);
    } finally {
      clearTimeout(timer);
    }
  }

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
      // The server needs no word about the page that asks.
      referrerPolicy: 'no-referrer',
      signal
    });
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      json: parse(await response.text())
    };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A portal's page, a proxy's error, a cut body: the caller sees that it is not ours (I28).
    return undefined;
  }
}

/** The answer of a server that could not read this form, or one that cannot be read here. */
function isMisread(json: unknown, answer: unknown): boolean {
  if (json !== undefined && answer === undefined) return true;
  if (answer === null || typeof answer !== 'object' || !('kind' in answer) || !('z' in answer)) return false;
  return answer.z === 1 && (answer.kind === 'unknown_names' || answer.kind === 'bad_request');
}
