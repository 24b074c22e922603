import type { RecordRow } from '#domain/records/registry.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { readWaitingKeys } from '$lib/storage/read.ts';
import type { RecordState } from '$lib/ui/record-state.ts';

/** What the state of a record is told from. */
export interface Delivery {
  /** `type/id` of records whose last change waits on this device. */
  readonly waiting: ReadonlySet<string>;
  /** `type/id` of records of which a change was not accepted. */
  readonly attention: ReadonlySet<string>;
}

/** Reads what waits and what was not accepted. */
export async function readDelivery(database: DeviceDatabase): Promise<Delivery> {
  const [waiting, open] = await Promise.all([
    readWaitingKeys(database),
    database.attention.where('state').equals('open').toArray()
  ]);
  return { waiting, attention: new Set(open.flatMap((row) => row.keys)) };
}

/**
 * The word beside a record. A record is accepted as part of what was reviewed: the review names the highest seq that
 * was in view, and what someone else changed later is only delivered.
 */
export function recordStateOf(
  key: string,
  row: { readonly seq: number; readonly by: string },
  delivery: Delivery,
  review: RecordRow<'review'> | undefined
): RecordState {
  if (delivery.attention.has(key)) return 'attention';
  if (delivery.waiting.has(key)) return 'here';
  const { state, upTo = 0, by } = review?.values ?? {};
  if (state === 'returned') return 'returned';
  if (state === 'accepted' && (row.seq <= upTo || row.by === by)) return 'accepted';
  return 'delivered';
}
