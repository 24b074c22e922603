import type { Context } from 'hono';
import type { Hashing } from '#server/sync/hashing.ts';
import type { AppEnv } from './app-env.ts';
import { addressOf } from './machine.ts';
import { TokenBuckets } from './token-buckets.ts';

/** Asks for one registration by a campaign's link; gives 0, or how many ms to wait. */
export type Registrations = (c: Context<AppEnv>, link: string) => number;

/**
 * Phones register themselves with their first push, so a link that went around could fill the database with devices.
 * A link takes a whole district in a day, and of one address (a village shares one) a full club at once; who comes too
 * early keeps the answers and comes again.
 */
export function limitRegistrations(deps: {
  readonly clock: () => number;
  readonly hashing: Hashing;
  readonly trustProxy?: boolean;
}): Registrations {
  const links = new TokenBuckets({ burst: 1_000, perSecond: 0.5 });
  const villages = new TokenBuckets({ burst: 200, perSecond: 0.1 });
  return (c, link) => {
    const now = deps.clock();
    const key = deps.hashing.sha256(link);
    // The address first: one that asks too much takes nothing from the others of its link.
    const wait = villages.take(`${key} ${addressOf(c, deps.trustProxy === true)}`, now);
    return wait > 0 ? wait : links.take(key, now);
  };
}
