import { streamsFor, type Actor } from '#domain/sync/scope.ts';
import { streamsOfRecord } from '#domain/sync/merge.ts';
import type { ReadSnapshot } from '#server/storage/server-storage.ts';
import type { AppDeps } from './app-deps.ts';
import { errorAnswer } from './errors.ts';
import type { Handlers, Reader } from './mount-routes.ts';
import { readBody } from './request-body.ts';
import { drawingType, maxDrawingBytes, storeDrawing } from './store-drawing.ts';

/** Signatures: strokes as SVG, named by the sha-256 of their bytes. */
export function attachmentRoutes(
  deps: AppDeps
): Handlers<'PUT /api/attachments/:sha256' | 'GET /api/attachments/:sha256'> {
  return {
    'PUT /api/attachments/:sha256': async (c) => {
      const sha256 = c.req.param('sha256') ?? '';
      if (!/^[0-9a-f]{64}$/.test(sha256)) return errorAnswer(c, 'not_found');
      if (c.req.header('content-type')?.split(';')[0]?.trim() !== drawingType)
        return errorAnswer(c, 'media_type', `send ${drawingType}`);
      const body = await readBody(c.req.raw, maxDrawingBytes);
      if (!body.ok) return errorAnswer(c, body.error.type === 'too_large' ? 'too_large' : 'bad_request');
      const stored = await storeDrawing(deps, sha256, Buffer.from(body.value));
      return stored.ok ? c.body(null, 204) : errorAnswer(c, stored.error);
    },
    'GET /api/attachments/:sha256': async (c, reader) => {
      const sha256 = c.req.param('sha256') ?? '';
      const bytes = await deps.storage.readSnapshot(async (snapshot) =>
        (await mayRead(snapshot, deps.centre, sha256, actorOf(reader)))
          ? snapshot.attachmentBytes(deps.centre, sha256)
          : undefined
      );
      if (bytes === undefined) return errorAnswer(c, 'not_found');
      return c.body(new Uint8Array(bytes), 200, {
        'content-type': drawingType,
        'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
        'cache-control': 'private, max-age=31536000, immutable'
      });
    }
  };
}

/** Whoever may read a record that names the bytes may read the bytes. */
async function mayRead(
  snapshot: ReadSnapshot,
  centre: string,
  sha256: string,
  actor: Actor
): Promise<boolean> {
  const naming = await snapshot.recordsNaming(centre, sha256);
  const records = await snapshot.records(centre, naming);
  const readable = new Set(streamsFor(actor));
  return records.some((record) => streamsOfRecord(record).some((stream) => readable.has(stream)));
}

function actorOf(reader: Reader): Actor {
  switch (reader.kind) {
    case 'device':
      return { role: reader.device.role, user: reader.device.user, device: reader.device.id };
    case 'user':
      return { role: reader.user.role, user: reader.user.id, device: '' };
  }
}
