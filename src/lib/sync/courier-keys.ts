import * as v from 'valibot';
import { courierKeysSchema } from '#domain/sync/bundle.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { requireState, stateOf } from '$lib/storage/write.ts';

/** Asks the centre once for the keys that files are made with, and keeps them for the day without a network. */
export async function keepCourierKeys(database: DeviceDatabase, send: typeof fetch): Promise<void> {
  if ((await requireState(database)).courier !== undefined) return;
  let json: unknown;
  try {
    const answer = await send('/api/courier-keys');
    if (!answer.ok) return;
    json = await answer.json();
  } catch {
    // No network, or somebody else answered: the next exchange asks again.
    return;
  }
  const parsed = v.safeParse(courierKeysSchema, json);
  if (!parsed.success) return;
  await database.writing([], async (present) => {
    await database.meta.put({ ...stateOf(present), courier: parsed.output });
  });
}
