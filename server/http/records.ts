import { recordIdSchema } from '#domain/ids.ts';
import { isRecordType } from '#domain/records/registry.ts';
import { streamsFor } from '#domain/sync/scope.ts';
import { recordHistory } from '#server/sync/history.ts';
import * as v from 'valibot';
import type { AppDeps } from './app-deps.ts';
import { errorAnswer } from './errors.ts';
import type { Handlers } from './mount-routes.ts';

/** «История» of one record with what belongs to it, newest first. Only what this person's own streams carry. */
export function recordRoutes(deps: AppDeps): Handlers<'GET /api/records/:type/:id/history'> {
  return {
    'GET /api/records/:type/:id/history': async (c, user) => {
      const type = c.req.param('type') ?? '';
      const id = c.req.param('id') ?? '';
      if (!isRecordType(type) || !v.is(recordIdSchema, id)) return errorAnswer(c, 'not_found');
      const readable: ReadonlySet<string> = new Set(
        streamsFor({ role: user.role, user: user.id, device: '' })
      );
      // A confidential text of somebody else is as absent as one that was never written.
      const history = await recordHistory(deps.storage, deps.centre, { type, id }, readable);
      if (history === undefined) return errorAnswer(c, 'not_found');
      return c.json({ history }, 200, { 'cache-control': 'no-store' });
    }
  };
}
