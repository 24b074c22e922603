import { Hono } from 'hono';
import * as v from 'valibot';
import {
  isPacked,
  packAnswer,
  packAroundParts,
  takeEchoes,
  unpackRequest,
  type Asked,
  type Name,
  type Names,
  type Replaced
} from '#domain/sync/codec.ts';
import { syncMediaType, syncRequestSchema, type SyncResponse } from '#domain/sync/protocol.ts';
import type { ExchangeContext } from '#server/sync/sync-deps.ts';
import type { Role } from '#domain/records/definition.ts';
import type { Turns } from '#server/sync/turns.ts';
import type { AnswerInParts, SyncService } from '#server/sync/sync-service.ts';
import type { AppEnv } from './app-env.ts';
import { bearerOf } from './bearer.ts';
import { gzipPieces, type TextPiece } from './gzip-pieces.ts';
import type { Registrations } from './registrations.ts';
import { readBody } from './request-body.ts';

export interface SyncRouteDeps {
  readonly service: SyncService;
  /** User id of the request's valid office sign-in. */
  readonly officeSession: (request: Request) => Promise<string | undefined>;
  /** The present role of a user's account. */
  readonly officeRole?: (user: string) => Promise<Role | undefined>;
  /** Longest request body after decompression, bytes; 8 MB unless told. */
  readonly maxBodyBytes?: number;
  /** How many phones may register themselves by a link; any number unless told. */
  readonly registrations?: Registrations;
  /** Who may exchange now; everybody at once unless told. */
  readonly turns?: Turns;
  /** UTC ms. */
  readonly clock: () => number;
}

const defaultMaxBodyBytes = 8_000_000;
/** Answers below this many bytes go out as they are. */
const worthPackingBytes = 300;
const mediaTypes: readonly string[] = ['application/json', syncMediaType];

/** `POST /api/sync`; mount at the root. Every answer has the sync media type and carries `z:1` (I28). */
export function syncRoutes(deps: SyncRouteDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.post('/api/sync', async (c) => {
    const request = c.req.raw;
    const arrivedAt = deps.clock();
    const mediaType = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (!mediaTypes.includes(mediaType)) return answer(request, badRequest('content-type'));
    const maxBodyBytes = deps.maxBodyBytes ?? defaultMaxBodyBytes;
    const body = await readBody(request, maxBodyBytes);
    if (!body.ok) return answer(request, badRequest(`body: ${body.error.type}`));
    const input = parseJson(body.value);
    if (input === undefined) return answer(request, badRequest('body: not JSON'));
    const secret = bearerOf(request);
    const link = request.headers.get('x-zimnik-link');
    const context: ExchangeContext = {
      secret,
      ...(link === null ? {} : { link }),
      officeSession: () => deps.officeSession(request),
      ...(deps.officeRole === undefined ? {} : { officeRole: deps.officeRole }),
      register: () => (link === null ? 0 : (deps.registrations?.(c, link) ?? 0)),
      serverNow: arrivedAt
    };
    const packed = isPacked(input) ? unpackRequest(input, maxBodyBytes) : undefined;
    if (packed?.ok === false) return answer(request, badRequest(`p: ${packed.error.type}`));
    const turn = await deps.turns?.take(deviceOf(packed === undefined ? input : packed.value.plain));
    if (turn?.kind === 'later') return answer(request, { kind: 'slow_down', z: 1, after: turn.afterMs });
    let given: AnswerInParts;
    let pieces: readonly TextPiece[] | undefined;
    try {
      if (packed === undefined) given = whole(await deps.service.exchange(input, context));
      else {
        const { plain, ops, named, inParts, withEchoes } = packed.value;
        const own = { ...context, ...(ops === undefined ? {} : { ops }) };
        given = inParts
          ? await deps.service.exchangeInParts(plain, own)
          : whole(await deps.service.exchange(plain, own));
        const asked = v.safeParse(askedSchema, plain);
        if (asked.success) {
          const { response, echoes } = withEchoes ? echoesOf(given) : { ...given, echoes: undefined };
          const names = named
            ? await deps.service.namesFor(response, asked.output.cursors)
            : new Map<string, Name>();
          pieces = piecesOf({ ...given, response }, asked.output, names, echoes);
        }
      }
    } finally {
      turn?.end();
    }
    return answer(request, given.response, pieces);
  });
  return routes;
}

function whole(response: SyncResponse): AnswerInParts {
  return { response, parts: [], ops: [] };
}

/** An answer apart from what only repeats its request. */
function echoesOf({ response, ops }: AnswerInParts): { response: SyncResponse; echoes: unknown } {
  if (response.kind !== 'ok') return { response, echoes: undefined };
  const { answer, echoes } = takeEchoes(response, ops);
  return { response: answer, echoes };
}

/** The text of a packed answer. */
function piecesOf(
  { response, parts }: AnswerInParts,
  asked: Asked,
  names: Names,
  echoes: unknown
): TextPiece[] {
  if (parts.length === 0) return [textPiece(JSON.stringify(packAnswer(response, asked, names, echoes)))];
  const replaced = parts.flatMap((part, number) =>
    part.replaced.map(([name, id]): Replaced => [number, name, id])
  );
  const [before, after] = packAroundParts(response, asked, names, replaced, echoes);
  return [textPiece(before), ...parts, textPiece(after)];
}

function textPiece(text: string): TextPiece {
  return { text: Buffer.from(text), kept: false };
}

/** What the request says its device is; nothing is believed of it here. */
function deviceOf(input: unknown): string {
  const named = v.safeParse(namedSchema, input);
  return named.success ? named.output.device : '';
}

/** What a packed answer need not repeat. */
const { device, epoch, head, cursors } = syncRequestSchema.entries;
const askedSchema = v.object({ epoch, head, cursors });
const namedSchema = v.object({ device });

function badRequest(detail: string): SyncResponse {
  return { kind: 'bad_request', z: 1, detail };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller answers that it was no JSON.
    return undefined;
  }
}

/** `pieces`: the text that goes out; the response itself unless it is packed. */
async function answer(
  request: Request,
  response: SyncResponse,
  pieces: readonly TextPiece[] = [textPiece(JSON.stringify(response))]
): Promise<Response> {
  const headers = new Headers({
    'content-type': syncMediaType,
    'cache-control': 'no-store',
    vary: 'accept-encoding'
  });
  if (response.kind === 'slow_down') headers.set('retry-after', String(Math.ceil(response.after / 1_000)));
  const status = statusOf(response);
  const accepted = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
  const bytes = pieces.reduce((sum, { text }) => sum + text.byteLength, 0);
  if (!accepted || bytes < worthPackingBytes)
    return new Response(Buffer.concat(pieces.map(({ text }) => text)), { status, headers });
  headers.set('content-encoding', 'gzip');
  return new Response(new Uint8Array(await gzipPieces(pieces)), { status, headers });
}

/** Devices read only the body; the status is for people who look at logs and for proxies. */
function statusOf(response: SyncResponse): 200 | 400 | 401 | 429 {
  switch (response.kind) {
    case 'bad_request':
      return 400;
    case 'sign_in':
      return 401;
    case 'slow_down':
      return 429;
    default:
      return 200;
  }
}
