import { attendanceParts } from '#domain/records/attendance.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import type { ReviewedType } from '#domain/records/review.ts';
import { countProjects, type ProjectCount } from '#domain/indicators/count.ts';
import { createGainFinder, type Gain } from '#domain/indicators/gain.ts';
import { createIdentities, type Identities } from '#domain/indicators/identities.ts';
import { consentState } from './consent-state.ts';
import { contentRows, marksOf, reviewOf, seqInView, type ReviewOutcome } from './review-state.ts';
import { countSheet, type CountedRow } from './sheet-counts.ts';

/** The numbers of an attendance sheet, as it stands now. */
export interface SheetSummary {
  readonly closed: boolean;
  /** All who were there, nameless ones included. */
  readonly participants: number;
  readonly nameless: number;
  /** On the list and neither marked nor excused. */
  readonly unmarked: number;
  readonly consents: { readonly given: number; readonly needed: number };
  /** Signatures on the paper sheet; undefined = nobody counted. */
  readonly paperCount: number | undefined;
}

export interface InboxItem {
  readonly type: ReviewedType;
  readonly target: string;
  readonly review: ReviewOutcome;
  /** What `upTo` of a decision made now must be. */
  readonly seqInView: number;
  /** Latest change, corrected time, UTC ms. */
  readonly at: number;
  /** Who wrote what is in it: user ids. To the first of them a return is addressed. */
  readonly authors: readonly string[];
  readonly event: string | undefined;
  readonly sheet: SheetSummary | undefined;
  /** «Даст: Люди +3 · Соц. проектирование +3». */
  readonly gains: readonly Gain[];
}

/**
 * Everything that awaits a decision, newest first: sheets with at least one mark (open ones too, they fill live), notes
 * and responses that are new or changed after review.
 */
export function inboxOf(
  records: RecordSet,
  counts: readonly ProjectCount[] = countProjects(records)
): readonly InboxItem[] {
  return reviewItems(records, counts).filter(
    ({ review }) => review.state === 'new' || review.state === 'changed_after_review'
  );
}

/** Every sheet, note and response with its state, newest first, for lists that show decided ones too. */
export function reviewItems(
  records: RecordSet,
  counts: readonly ProjectCount[] = countProjects(records)
): readonly InboxItem[] {
  const identities = counts[0]?.index.identities ?? createIdentities(records);
  const finders = counts.map(createGainFinder);
  const gains = (occasion: string): readonly Gain[] => finders.flatMap((find) => find(occasion));
  const items: InboxItem[] = [];

  for (const session of records.all('session').values()) {
    if (marksOf(records, session.id).length === 0 && records.get('sheet', session.id) === undefined) continue;
    const item = itemOf(records, 'sheet', session.id, session.values.event);
    items.push({
      ...item,
      sheet: summariseSheet(records, session.id, identities),
      gains: gains(session.id)
    });
  }
  for (const consultation of records.all('consultation').values()) {
    const item = itemOf(records, 'consultation', consultation.id, consultation.values.event);
    items.push({ ...item, gains: gains(consultation.id) });
  }
  for (const response of records.all('response').values()) {
    items.push(itemOf(records, 'response', response.id, undefined));
  }
  return items.sort((left, right) => right.at - left.at || (left.target < right.target ? -1 : 1));
}

/** The numbers of a session's sheet: for the inbox, the sheet's own page and its closing. */
export function summariseSheet(records: RecordSet, session: string, identities: Identities): SheetSummary {
  const rows = records.byParent('attendance', session);
  const counts = countSheet(
    rows
      .filter((row) => row.values.expected === true || (row.values.status ?? 'none') !== 'none')
      .map((row) => toCounted(row, records, identities))
  );
  const named = counts.present - counts.nameless;
  const sheet = records.get('sheet', session)?.values;
  return {
    closed: sheet?.closed === true,
    participants: counts.present,
    nameless: counts.nameless,
    unmarked: counts.unmarked,
    consents: { given: named - counts.withoutConsent, needed: named },
    paperCount: sheet?.paperCount
  };
}

function itemOf(
  records: RecordSet,
  type: ReviewedType,
  target: string,
  event: string | undefined
): InboxItem {
  const rows = contentRows(records, type, target);
  return {
    type,
    target,
    review: reviewOf(records, type, target),
    seqInView: seqInView(records, type, target),
    at: rows.reduce((latest, row) => Math.max(latest, row.at), 0),
    authors: authorsOf(records, type, target),
    event,
    sheet: undefined,
    gains: []
  };
}

/** The consultant of a note; for a sheet, whoever made most of its marks. */
function authorsOf(records: RecordSet, type: ReviewedType, target: string): readonly string[] {
  if (type === 'consultation') {
    const author = records.get('consultation', target)?.values.author;
    if (author !== undefined) return [author];
  }
  const marks = new Map<string, number>();
  for (const { by } of contentRows(records, type, target)) {
    if (by !== '') marks.set(by, (marks.get(by) ?? 0) + 1);
  }
  return [...marks]
    .sort(([left, one], [right, other]) => other - one || (left < right ? -1 : 1))
    .map(([by]) => by);
}

function toCounted(row: RecordRow<'attendance'>, records: RecordSet, identities: Identities): CountedRow {
  const { status = 'none', signature, nameless = false } = row.values;
  const person = identities.resolve(attendanceParts(row.id).person);
  const consent = nameless ? undefined : consentState(records, identities.cardsOf(person));
  return { person, nameless, status, signature, consent };
}
