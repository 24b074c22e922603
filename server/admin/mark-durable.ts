import type { LiveCentre } from './backup.ts';

/** Tells the devices, by their next answer, that everything up to `seq` of this history is in a copy. */
export async function markDurable(
  live: Pick<LiveCentre, 'storage' | 'centre'>,
  epoch: string,
  seq: number
): Promise<void> {
  await live.storage.withTransaction(async (tx) => {
    const centre = await tx.centre(live.centre);
    // After a restore in between, numbers of the copy mean another history.
    if (centre?.epoch !== epoch || centre.durable >= seq) return;
    await tx.putCentre({ ...centre, durable: seq });
  });
}
