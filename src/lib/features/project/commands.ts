import type { RecordRow } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';

/** Takes a line out of the calendar plan, or puts it back. */
export async function setMilestoneDeleted(
  app: Pick<App, 'write' | 'now'>,
  row: RecordRow<'milestone'>,
  deleted: boolean
): Promise<void> {
  await app.write([{ type: 'milestone', id: row.id, set: { deletedAt: deleted ? app.now() : null } }]);
}
