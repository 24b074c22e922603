import { attendanceParts } from '#domain/records/attendance.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import { reviewId } from '#domain/records/review.ts';
import type { IndicatorCount } from './count.ts';
import type { Identities } from './identities.ts';
import type { ExcludedReason } from './tally.ts';

/** An indicator's accepted number with what it consisted of: plain JSON, to be kept and compared with a later count. */
export interface CountSnapshot {
  readonly indicator: string;
  readonly accepted: number;
  readonly entities: readonly { readonly id: string; readonly rows: readonly string[] }[];
}

export type LeftReason =
  | { readonly type: 'merged'; readonly into: string }
  /** Its only rows wait for review again, because someone changed them after it. */
  | { readonly type: 'waits_again' }
  | { readonly type: 'mark_changed' }
  | { readonly type: 'excluded'; readonly reason: ExcludedReason }
  /** Its rows no longer fit the rule or the project, or are deleted. */
  | { readonly type: 'rows_gone' };

export interface CountChange {
  readonly indicator: string;
  readonly before: number;
  readonly after: number;
  readonly came: readonly string[];
  readonly left: readonly {
    readonly id: string;
    readonly reason: LeftReason;
    /** The rows it was counted by. */
    readonly rows: readonly string[];
  }[];
  /** Nameless participants that counted: more or fewer. */
  readonly nameless: number;
}

/** What to keep of a count for explaining a later one. */
export function snapshotOf(count: IndicatorCount): CountSnapshot {
  const entities = count.counted.map(({ id, evidence }) => ({
    id,
    rows: [...new Set(evidence.filter((one) => one.standing === 'accepted').map((one) => one.row))]
  }));
  return { indicator: count.indicator, accepted: count.accepted, entities };
}

/** Why a number is not what it was: who came, who left and why. Merging back («разъединить») shows as «came». */
export function explainChange(
  before: CountSnapshot,
  after: IndicatorCount,
  identities: Identities
): CountChange {
  const counted = new Set(after.counted.map((entity) => entity.id));
  const known = new Set(before.entities.map((entity) => entity.id));
  const findReason = createReasonFinder(after, counted, identities);
  const left = before.entities
    .filter((entity) => !counted.has(entity.id) && !isTakenOver(entity.id, counted, known, identities))
    .map((entity) => ({ ...entity, reason: findReason(entity.id) }));
  const came = after.counted
    .map((entity) => entity.id)
    .filter((id) => !known.has(id) && !identities.cardsOf(id).some((card) => known.has(card)));
  const shownBefore = before.accepted - before.entities.length;
  const shownAfter = after.accepted - after.counted.length;
  return {
    indicator: after.indicator,
    before: before.accepted,
    after: after.accepted,
    came,
    left,
    nameless: shownAfter - shownBefore
  };
}

/** A card that was merged into one not counted before: the person is still counted once, so nobody left. */
function isTakenOver(
  id: string,
  counted: ReadonlySet<string>,
  known: ReadonlySet<string>,
  identities: Identities
): boolean {
  const stands = identities.resolve(id);
  if (stands === id || !counted.has(stands) || known.has(stands)) return false;
  return identities.cardsOf(id).find((card) => known.has(card)) === id;
}

function createReasonFinder(
  after: IndicatorCount,
  counted: ReadonlySet<string>,
  identities: Identities
): (id: string) => LeftReason {
  const waiting = new Set(after.waiting.map((entity) => entity.id));
  const absent = new Set(after.absent.map((entity) => entity.id));
  const excluded = new Map(after.excluded.map((entity) => [entity.id, entity]));
  return (id) => {
    const stands = identities.resolve(id);
    if (stands !== id && counted.has(stands)) return { type: 'merged', into: stands };
    if (waiting.has(stands)) return { type: 'waits_again' };
    if (absent.has(stands)) return { type: 'mark_changed' };
    const found = excluded.get(stands);
    if (found === undefined) return { type: 'rows_gone' };
    return { type: 'excluded', reason: found.reason };
  };
}

/**
 * The change after which somebody no longer counts, as far as the records tell: the merge, or the latest of the decision
 * about the sheet or note and the change of the row itself.
 */
export function causeOf(
  records: RecordSet,
  left: CountChange['left'][number]
): { readonly by: string; readonly at: number } | undefined {
  if (left.reason.type === 'merged') return records.get('alias', left.id);
  const causes = left.rows.flatMap((row) => {
    const isMark = row.includes('~');
    const review = records.get(
      'review',
      isMark ? reviewId('sheet', attendanceParts(row).session) : reviewId('consultation', row)
    );
    const own = isMark ? records.get('attendance', row) : records.get('consultation', row);
    return [review, own].filter((one) => one !== undefined);
  });
  return causes.sort((one, other) => other.at - one.at)[0];
}
