import * as v from 'valibot';
import type { CountSnapshot } from '#domain/indicators/changes.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { readDrafts } from '$lib/storage/drafts.ts';

export const seenKind = 'indicator-seen';

const snapshotSchema = v.object({
  indicator: v.string(),
  accepted: v.number(),
  entities: v.array(v.object({ id: v.string(), rows: v.array(v.string()) }))
});

/** What was kept of numbers that were looked at, by indicator; what cannot be read is as good as never seen. */
export async function readSeen(database: DeviceDatabase): Promise<ReadonlyMap<string, CountSnapshot>> {
  const drafts = await readDrafts(database, seenKind);
  const snapshots = drafts.flatMap((draft) => {
    const parsed = v.safeParse(snapshotSchema, draft.content);
    return parsed.success ? [parsed.output] : [];
  });
  return new Map(snapshots.map((snapshot) => [snapshot.indicator, snapshot]));
}
