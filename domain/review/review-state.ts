import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { reviewId, type ReviewedType } from '#domain/records/review.ts';

/** Any stored row, as far as a review asks: when it came and who last changed it. */
export type ReviewedRow = Pick<RecordRow<'attendance'>, 'seq' | 'by' | 'at'>;

export type Decision = 'new' | 'accepted' | 'returned' | 'not_counted';
export type ReviewState = Decision | 'changed_after_review';

/** What a single row is worth for counting. */
export type Standing = 'accepted' | 'awaiting' | 'returned' | 'not_counted';

/** The state of a sheet, a consultation or a response, with what it was decided from. */
export interface ReviewOutcome {
  readonly state: ReviewState;
  /** What the coordinator decided, whatever changed since. */
  readonly decided: Decision;
  readonly reason: string | undefined;
  readonly reviewer: string;
  readonly upTo: number;
  /** When it was decided, UTC ms; 0 = not yet. */
  readonly at: number;
}

const undecided: ReviewOutcome = {
  state: 'new',
  decided: 'new',
  reason: undefined,
  reviewer: '',
  upTo: 0,
  at: 0
};

/** The review of a target; the target of a sheet is its session's id. */
export function reviewOf(records: RecordSet, type: ReviewedType, target: string): ReviewOutcome {
  return outcomeOf(records.get('review', reviewId(type, target)), contentRows(records, type, target));
}

/** The same from a review and the rows under it, for a device that reads them one by one. */
export function outcomeOf(
  review: RecordRow<'review'> | undefined,
  content: readonly ReviewedRow[]
): ReviewOutcome {
  const decided = review?.values.state ?? 'new';
  if (review === undefined || decided === 'new') return undecided;
  const outcome: ReviewOutcome = {
    state: decided,
    decided,
    reason: review.values.reason,
    reviewer: review.values.by ?? review.by,
    upTo: review.values.upTo ?? 0,
    at: review.values.at ?? review.at
  };
  const changed = content.some((row) => !wasInView(row, outcome));
  return changed ? { ...outcome, state: 'changed_after_review' } : outcome;
}

/**
 * What a row under a review counts for. A row that someone else changed after acceptance waits again, the others stay
 * accepted. What was returned waits again as a whole once its author answered. «Не учитывать» holds until decided anew.
 */
export function standingOf(row: ReviewedRow, review: ReviewOutcome): Standing {
  switch (review.decided) {
    case 'new':
      return 'awaiting';
    case 'accepted':
      return wasInView(row, review) ? 'accepted' : 'awaiting';
    case 'returned':
      return review.state === 'changed_after_review' ? 'awaiting' : 'returned';
    case 'not_counted':
      return 'not_counted';
  }
}

/**
 * The rows whose change by someone else makes a review out of date: marks (an invitation alone is none), the closing of
 * the sheet, the note or response itself, and an answer to the remark with which it was returned.
 */
export function contentRows(records: RecordSet, type: ReviewedType, target: string): readonly ReviewedRow[] {
  const answered = records
    .byParent('remark', target)
    .filter((remark) => remark.values.done === true && remark.values.targetType === type);
  switch (type) {
    case 'sheet':
      return [...marksOf(records, target), ...present(records.get('sheet', target)), ...answered];
    case 'consultation':
      return [...present(records.get('consultation', target)), ...answered];
    case 'response':
      return [...present(records.get('response', target)), ...answered];
  }
}

/** The marks of a session: rows with a status, not those that are only invited. */
export function marksOf(records: RecordSet, session: string): readonly RecordRow<'attendance'>[] {
  return records.byParent('attendance', session).filter((row) => row.values.status !== undefined);
}

/** The highest seq in view: `upTo` of a review that is decided now. */
export function seqInView(records: RecordSet, type: ReviewedType, target: string): number {
  return contentRows(records, type, target).reduce((highest, row) => Math.max(highest, row.seq), 0);
}

/** Seq 0 = only this device knows the row, so no earlier review can have seen it. */
function wasInView(row: ReviewedRow, review: ReviewOutcome): boolean {
  return (row.seq > 0 && row.seq <= review.upTo) || (row.by !== '' && row.by === review.reviewer);
}

function present<Row>(row: Row | undefined): readonly Row[] {
  return row === undefined ? [] : [row];
}
