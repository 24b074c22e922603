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

/** mulberry32 over a mixed seed: small, quick, good enough to draw schedules. */
export function createRandom(seed: number): Random {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ (seed >>> 13)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
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
