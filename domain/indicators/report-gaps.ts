import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { summariseSheet } from '#domain/review/inbox.ts';
import { marksOf, reviewOf } from '#domain/review/review-state.ts';
import { byId, createIdentities, type Identities } from './identities.ts';

/** One thing that an event still lacks for the report. */
export type ReportGap =
  | { readonly type: 'no_session' | 'not_marked_held' }
  | {
      readonly type: 'no_sheet' | 'sheet_open' | 'not_reviewed' | 'changed_after_review' | 'returned';
      readonly session: string;
    }
  | {
      readonly type: 'paper_differs';
      readonly session: string;
      readonly inApp: number;
      readonly onPaper: number;
    }
  | { readonly type: 'consents_missing'; readonly session: string; readonly missing: number };

/** What an event lacks; nothing = «Готово». */
export interface EventReadiness {
  readonly event: string;
  readonly day: string;
  readonly gaps: readonly ReportGap[];
}

/**
 * «Чего не хватает к отчёту», event by event, oldest first. Only what has begun by today: future, moved and cancelled
 * events lack nothing yet.
 *
 * @param today the centre's day, `YYYY-MM-DD`
 */
export function reportGaps(records: RecordSet, project: string, today: string): readonly EventReadiness[] {
  const identities = createIdentities(records);
  return records
    .byParent('event', project)
    .filter((event) => isDue(event, today) && identities.resolve(event.id) === event.id)
    .map((event) => ({
      event: event.id,
      day: event.values.from ?? '',
      gaps: gapsOf(records, event, today, identities)
    }))
    .sort((left, right) =>
      left.day === right.day ? byId(left.event, right.event) : byId(left.day, right.day)
    );
}

function isDue(event: RecordRow<'event'>, today: string): boolean {
  const { state, from } = event.values;
  return state !== 'cancelled' && state !== 'moved' && from !== undefined && from <= today;
}

function gapsOf(
  records: RecordSet,
  event: RecordRow<'event'>,
  today: string,
  identities: Identities
): readonly ReportGap[] {
  const gaps: ReportGap[] = [];
  const sessions = identities
    .cardsOf(event.id)
    .flatMap((card) => records.byParent('session', card))
    .toSorted((left, right) => byId(dayOf(left), dayOf(right)) || byId(left.id, right.id));
  if (sessions.length === 0) gaps.push({ type: 'no_session' });
  const isOver = (event.values.to ?? event.values.from ?? '') < today;
  if (isOver && event.values.state !== 'held') gaps.push({ type: 'not_marked_held' });
  for (const session of sessions) {
    if (dayOf(session) <= today) gaps.push(...sheetGaps(records, session.id, identities));
  }
  return gaps;
}

function sheetGaps(records: RecordSet, session: string, identities: Identities): readonly ReportGap[] {
  if (marksOf(records, session).length === 0) return [{ type: 'no_sheet', session }];
  const gaps: ReportGap[] = [];
  const sheet = summariseSheet(records, session, identities);
  const { state } = reviewOf(records, 'sheet', session);
  if (!sheet.closed) gaps.push({ type: 'sheet_open', session });
  if (state === 'new') gaps.push({ type: 'not_reviewed', session });
  if (state === 'changed_after_review' || state === 'returned') gaps.push({ type: state, session });
  if (sheet.paperCount !== undefined && sheet.paperCount !== sheet.participants) {
    gaps.push({ type: 'paper_differs', session, inApp: sheet.participants, onPaper: sheet.paperCount });
  }
  const missing = sheet.consents.needed - sheet.consents.given;
  if (missing > 0) gaps.push({ type: 'consents_missing', session, missing });
  return gaps;
}

function dayOf(session: RecordRow<'session'>): string {
  return session.values.date ?? '';
}
