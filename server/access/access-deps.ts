import type { Hashing } from '#server/sync/hashing.ts';
import type { ServerStorage } from '#server/storage/server-storage.ts';

/** What rules about devices, codes and links need from outside. */
export interface AccessDeps {
  readonly storage: ServerStorage;
  /** Id of the centre that this server serves. */
  readonly centre: string;
  /** UTC ms. */
  readonly clock: () => number;
  /** Random bytes of the given length. */
  readonly random: (length: number) => Uint8Array;
  readonly hashing: Hashing;
}

/** A secret that a device keeps: 256 bits, hex. */
export function newSecret(deps: Pick<AccessDeps, 'random'>): string {
  return Buffer.from(deps.random(32)).toString('hex');
}
