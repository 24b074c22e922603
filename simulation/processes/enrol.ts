import { newDevice } from '#server/sync/authenticate.ts';
import { ensureCentre } from '#server/sync/centre.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { centreId, randomBytes } from '#server/platform.ts';
import type { ServerStorage } from '#server/storage/server-storage.ts';

/** What a tablet shows the server. */
export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** Makes the centre and writes tablets into its database, as if each had been connected by a link of its own. */
export async function enrolTablets(storage: ServerStorage, tablets: readonly Credentials[]): Promise<void> {
  await ensureCentre({ storage, centre: centreId, random: randomBytes });
  await storage.withTransaction(async (tx) => {
    for (const { id, secret } of tablets)
      await tx.putDevice(
        centreId,
        newDevice({
          id,
          secretHash: nodeHashing.sha256(secret),
          role: 'field',
          user: 'u1',
          name: id,
          createdAt: 1
        })
      );
  });
}
