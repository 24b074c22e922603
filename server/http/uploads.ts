import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { maxPhotoBytes, photo } from '#domain/records/photo.ts';
import type { UploadFailure, UploadState } from '#server/files/files.ts';
import type { Result } from '#domain/result.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { errorAnswer } from './errors.ts';
import type { Handlers } from './mount-routes.ts';
import { readPart } from './request-body.ts';

const version = '1.0.0';
const partType = 'application/offset+octet-stream';
const hash = /^[0-9a-f]{64}$/;

/**
 * Resumable uploads: the core of tus 1.0 with creation, checksum and expiration. A file's address is the sha-256 of its
 * bytes, so a device that has lost its memory of an upload asks for it again by what it still has. Behind one address each
 * device has an upload of its own, until the file is whole.
 */
export function uploadRoutes(
  deps: Pick<AppDeps, 'files' | 'pokes' | 'storage' | 'centre'>
): Handlers<
  'OPTIONS /api/uploads' | 'POST /api/uploads' | 'GET /api/uploads/:sha256' | 'PATCH /api/uploads/:sha256'
> {
  return {
    'OPTIONS /api/uploads': (c) =>
      c.body(null, 204, {
        'tus-resumable': version,
        'tus-version': version,
        'tus-extension': 'creation,checksum,expiration',
        'tus-checksum-algorithm': 'sha1,sha256',
        'tus-max-size': String(maxPhotoBytes)
      }),
    'POST /api/uploads': (c, { id: device, role }) =>
      spoken(c, async () => {
        // Whoever has the link of a survey gets a device of a respondent.
        if (!photo.writers.includes(role)) return errorAnswer(c, 'forbidden');
        const length = wholeNumber(c.req.header('upload-length'));
        const told = metadata(c.req.header('upload-metadata') ?? '');
        const sha256 = told.get('sha256') ?? '';
        if (length === undefined || !hash.test(sha256)) return errorAnswer(c, 'bad_request');
        const begun = await deps.files.begin(device, sha256, told.get('filetype') ?? '', length);
        if (!begun.ok) return refused(c, begun.error);
        const headers = await progress(deps, begun.value);
        return c.body(null, 201, { ...headers, location: `/api/uploads/${sha256}` });
      }),
    // Asked with HEAD.
    'GET /api/uploads/:sha256': (c, { id: device }) =>
      spoken(c, async () =>
        answer(c, deps, await deps.files.state(device, c.req.param('sha256') ?? ''), 200)
      ),
    'PATCH /api/uploads/:sha256': (c, { id: device }) =>
      spoken(c, async () => {
        const sha256 = c.req.param('sha256') ?? '';
        const offset = wholeNumber(c.req.header('upload-offset'));
        if (c.req.header('content-type') !== partType)
          return errorAnswer(c, 'media_type', `send ${partType}`);
        if (offset === undefined || !hash.test(sha256)) return errorAnswer(c, 'bad_request');
        const part = await readPart(c.req.raw, maxPhotoBytes - offset);
        if (part === undefined) return errorAnswer(c, 'too_large');
        const checksum = c.req.header('upload-checksum');
        if (checksum !== undefined) {
          const isRight = matches(checksum, part);
          if (isRight === undefined) return errorAnswer(c, 'bad_request', 'unknown checksum algorithm');
          if (!isRight) return otherChecksum(errorAnswer(c, 'hash_mismatch'));
        }
        const added = await deps.files.append(device, sha256, offset, part);
        if (added.ok && added.value.received === added.value.length) await tellDesks(deps);
        return answer(c, deps, added, 204);
      })
  };
}

/** Tus has a status of its own for it, so that a client knows to send the part again. */
function otherChecksum(response: Response): Response {
  return new Response(response.body, { status: 460, headers: response.headers });
}

/** Desks ask again what is awaited. */
async function tellDesks({
  storage,
  centre,
  pokes
}: Pick<AppDeps, 'pokes' | 'storage' | 'centre'>): Promise<void> {
  const head = await storage.readSnapshot((snapshot) => snapshot.centre(centre));
  if (head !== undefined) pokes.notify({ epoch: head.epoch, seq: head.seq });
}

/** Every answer names the protocol's version; a request in another one is not looked at. */
async function spoken(c: Context<AppEnv>, act: () => Promise<Response>): Promise<Response> {
  const isOurs = c.req.header('tus-resumable') === version;
  const response = isOurs ? await act() : errorAnswer(c, 'tus_version');
  response.headers.set('tus-resumable', version);
  if (!isOurs) response.headers.set('tus-version', version);
  return response;
}

async function answer(
  c: Context<AppEnv>,
  deps: Pick<AppDeps, 'storage' | 'centre'>,
  result: Result<UploadState, UploadFailure>,
  status: 200 | 204
): Promise<Response> {
  return result.ok ? c.body(null, status, await progress(deps, result.value)) : refused(c, result.error);
}

/** How far a file has come. With a whole one the end of the log is told: a copy past it has been made since, and holds it. */
async function progress(
  { storage, centre }: Pick<AppDeps, 'storage' | 'centre'>,
  { received, length }: UploadState
): Promise<Record<string, string>> {
  const head =
    received < length ? undefined : await storage.readSnapshot((snapshot) => snapshot.centre(centre));
  return {
    'upload-offset': String(received),
    'upload-length': String(length),
    'cache-control': 'no-store',
    ...(head === undefined ? {} : { 'zimnik-seq': String(head.seq) })
  };
}

function refused(c: Context<AppEnv>, failure: UploadFailure): Response {
  const response = errorAnswer(c, failure);
  if (failure === 'no_space') response.headers.set('retry-after', '600');
  return response;
}

/** `key base64,key base64` */
function metadata(header: string): ReadonlyMap<string, string> {
  return new Map(
    header.split(',').map((pair) => {
      const [key = '', value = ''] = pair.trim().split(' ');
      return [key, Buffer.from(value, 'base64').toString('utf8')];
    })
  );
}

/** Whether bytes have this checksum (`sha1 base64`); undefined = of an unknown kind. A part that was cut has another one. */
function matches(checksum: string, bytes: Uint8Array): boolean | undefined {
  const [algorithm = '', expected = ''] = checksum.split(' ');
  if (algorithm !== 'sha1' && algorithm !== 'sha256') return undefined;
  return createHash(algorithm).update(bytes).digest('base64') === expected;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
