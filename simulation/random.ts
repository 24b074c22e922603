import { mulberry32 } from '#domain/mulberry32.ts';

/** Chance that is the same for the same seed. */
export interface Random {
  /** 0 ≤ x < 1 */
  readonly next: () => number;
  /** 0 … bound − 1 */
  readonly below: (bound: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  readonly bytes: (length: number) => Uint8Array;
  /** Another stream of chance that does not move this one. */
  readonly branch: (salt: number) => Random;
}

/** mulberry32 over a mixed seed, so that neighbouring seeds draw different schedules. */
export function createRandom(seed: number): Random {
  const next = mulberry32(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ (seed >>> 13));
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('Nothing to pick from');
      return item;
    },
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    branch: (salt) => createRandom(Math.imul(seed + 1, 0x27d4eb2f) ^ Math.imul(salt + 1, 0x165667b1))
  };
}

/** Draws one of several things by weight; a weight of 0 is never drawn. */
export function weighted<Item>(random: Random, choices: readonly (readonly [number, Item])[]): Item {
  let left = random.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, item] of choices) {
    left -= weight;
    if (left < 0) return item;
  }
  const last = choices.findLast(([weight]) => weight > 0);
  if (last === undefined) throw new Error('Nothing to draw from');
  return last[1];
}
