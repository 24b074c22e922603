import { standingOf, type ReviewedRow, type ReviewOutcome } from '#domain/review/review-state.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import type { RecordState } from '$lib/ui/record-state.ts';

/** What the state of a record is told from. */
export interface Delivery {
  /** `type/id` of records whose last change waits on this device. */
  readonly waiting: ReadonlySet<string>;
  /** `type/id` of records of which a change was not accepted. */
  readonly attention: ReadonlySet<string>;
}

/** Keys (`type/id`) of records of which a change was not accepted. */
export async function readAttentionKeys(database: DeviceDatabase): Promise<ReadonlySet<string>> {
  const open = await database.attention.where('state').equals('open').toArray();
  return new Set(open.flatMap((row) => row.keys));
}

/** All keys of what waits, an entry an operation. */
export function keysIn(waiting: readonly (readonly string[])[] | undefined): ReadonlySet<string> {
  return new Set(waiting?.flat());
}

/** The word beside a record: what this device knows of its delivery first, then what the review says of it. */
export function recordStateOf(
  key: string,
  row: ReviewedRow,
  delivery: Delivery,
  review: ReviewOutcome
): RecordState {
  if (delivery.attention.has(key)) return 'attention';
  if (delivery.waiting.has(key)) return 'here';
  const standing = standingOf(row, review);
  return standing === 'accepted' || standing === 'returned' ? standing : 'delivered';
}
