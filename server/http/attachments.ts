import type { Actor } from '#domain/sync/scope.ts';
import type { AppDeps } from './app-deps.ts';
import { errorAnswer } from './errors.ts';
import type { Handlers, Reader } from './mount-routes.ts';
import { readBody } from './request-body.ts';
import { drawingType, maxDrawingBytes, storeDrawing } from './store-drawing.ts';

/** What records name by the sha-256 of its bytes: signatures, which come whole, and pictures, which come in parts. */
export function attachmentRoutes(
  deps: AppDeps
): Handlers<'PUT /api/attachments/:sha256' | 'GET /api/attachments/:sha256' | 'GET /api/awaited-files'> {
  return {
    'PUT /api/attachments/:sha256': async (c) => {
      const sha256 = c.req.param('sha256') ?? '';
      if (!/^[0-9a-f]{64}$/.test(sha256)) return errorAnswer(c, 'not_found');
      if (c.req.header('content-type')?.split(';')[0]?.trim() !== drawingType)
        return errorAnswer(c, 'media_type', `send ${drawingType}`);
      if (!(await deps.files.hasRoom())) return errorAnswer(c, 'no_space');
      const body = await readBody(c.req.raw, maxDrawingBytes);
      if (!body.ok) return errorAnswer(c, body.error.type === 'too_large' ? 'too_large' : 'bad_request');
      const stored = await storeDrawing(deps, sha256, Buffer.from(body.value));
      return stored.ok ? c.body(null, 204) : errorAnswer(c, stored.error);
    },
    'GET /api/attachments/:sha256': async (c, reader) => {
      const sha256 = c.req.param('sha256') ?? '';
      const found = await deps.files.read(sha256, actorOf(reader));
      if (found === undefined) return errorAnswer(c, 'not_found');
      return c.body(new Uint8Array(found.bytes), 200, {
        'content-type': found.mime,
        'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
        'cache-control': 'private, max-age=31536000, immutable'
      });
    },
    'GET /api/awaited-files': async (c, reader) =>
      c.json({ files: await deps.files.awaited(actorOf(reader)) }, 200, { 'cache-control': 'no-store' })
  };
}

function actorOf(reader: Reader): Actor {
  switch (reader.kind) {
    case 'device':
      return { role: reader.device.role, user: reader.device.user, device: reader.device.id };
    case 'user':
      return { role: reader.user.role, user: reader.user.id, device: '' };
  }
}
