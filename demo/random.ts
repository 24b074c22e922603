import { mulberry32 } from '#domain/mulberry32.ts';

/** Random choices that are the same for the same seed: mulberry32 over an FNV-1a hash of the seed's text. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  pick<Item>(items: readonly Item[]): Item;
  chance(share: number): boolean;
}

export function createRandom(seed: string): Random {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index++) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193) >>> 0;
  }
  const next = mulberry32(hash);
  return {
    below: (limit) => Math.floor(next() * limit),
    pick: (items) => itemAt(items, Math.floor(next() * items.length)),
    chance: (share) => next() < share
  };
}

/** The item of a list that is known to be there; going round at its end. */
export function itemAt<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('A list of the demonstration centre is empty');
  return item;
}
