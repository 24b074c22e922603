import { applyReceipt, type ReceiptResult } from '$lib/storage/apply-receipt.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import type { DeviceEnvironment } from '$lib/storage/environment.ts';
import type { MadeBundle } from '$lib/sync/courier.ts';
import { gzip } from './gzip.ts';

/** What a receipt came to: how many records it delivered, or why it is none of ours. */
export type TakenReceipt = ReceiptResult | { readonly type: 'unreadable' };

/** What is carried to the centre by hand, for a device that no network reaches. */
export interface Courier {
  /** Everything that waits, as text that only the centre can read; undefined = its key was never told to this device. */
  readonly bundle: () => Promise<MadeBundle | undefined>;
  /** Takes the centre's receipt: what it names is delivered. */
  readonly take: (receipt: string) => Promise<TakenReceipt>;
}

/** The cryptography is loaded when it is asked for, from what the worker keeps. */
export function createCourier(database: DeviceDatabase, environment: DeviceEnvironment): Courier {
  return {
    bundle: async () => {
      const { makeBundle } = await import('$lib/sync/courier.ts');
      return makeBundle(database, { now: environment.now, gzip });
    },
    take: async (text) => {
      const keys = (await database.meta.get('state'))?.courier;
      if (keys === undefined) return { type: 'unreadable' };
      const { openReceipt } = await import('$lib/sync/courier.ts');
      const receipt = await openReceipt(text, keys);
      return receipt === undefined ? { type: 'unreadable' } : applyReceipt(database, environment, receipt);
    }
  };
}
