import { attendanceParts, isPresent, type AttendanceStatus } from '#domain/records/attendance.ts';
import type { RecordRow, Values } from '#domain/records/registry.ts';
import { reviewId } from '#domain/records/review.ts';
import type { SheetCounts } from '#domain/review/sheet-counts.ts';
import { readPlaces, type Places } from '$lib/features/people/index.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { readMany, readRecord, readUnder, readUnderAny, readWaitingKeys } from '$lib/storage/read.ts';
import type { RecordState } from '$lib/ui/record-state.ts';
import { composeSheet, isNamed } from './compose-sheet.ts';
import { readAttentionKeys } from './row-state.ts';

/** One line of a sheet. */
export interface SheetRow {
  /** Id of the mark, `session~person`. */
  readonly id: string;
  readonly person: string;
  readonly nameless: boolean;
  /** «Фамилия Имя Отчество»; empty for a nameless participant and for a card that is not on this device. */
  readonly name: string;
  readonly surname: string;
  /** The person's data were erased: the mark counts without a name. */
  readonly erased: boolean;
  /** First name and patronymic. */
  readonly givenNames: string;
  readonly settlement: string;
  readonly organisation: string;
  readonly organisationId: string | undefined;
  readonly position: string;
  readonly ageBand: Values<'person'>['ageBand'];
  readonly phone: string | undefined;
  readonly status: AttendanceStatus;
  /** When the mark was made, UTC ms; 0 when there is none. */
  readonly at: number;
  readonly expected: boolean;
  readonly answer: Values<'attendance'>['answer'];
  readonly signature: Values<'attendance'>['signature'];
  readonly enteredLater: boolean;
  readonly consent: Values<'consent'>['state'];
  readonly consentId: string | undefined;
  /** The card still lacks what is asked later: telephone or organisation. */
  readonly toComplete: boolean;
  /** Another line of this sheet has the same name: what tells them apart has to be shown. */
  readonly namesake: boolean;
  readonly state: RecordState;
}

/** A whole attendance sheet: of one session of one event. */
export interface Sheet {
  readonly session: RecordRow<'session'>;
  readonly event: RecordRow<'event'> | undefined;
  /** All sessions of the event, in order. */
  readonly sessions: readonly RecordRow<'session'>[];
  readonly settlement: string;
  readonly rows: readonly SheetRow[];
  readonly counts: SheetCounts;
  readonly closing: RecordRow<'sheet'> | undefined;
  readonly review: RecordRow<'review'> | undefined;
  /** The reviewers' remarks that are not answered yet, the earliest first. */
  readonly remarks: readonly RecordRow<'remark'>[];
}

/** What stands around the marks of a sheet; no tap on a line changes it. */
export interface SheetFrame {
  readonly session: RecordRow<'session'>;
  readonly event: RecordRow<'event'> | undefined;
  readonly sessions: readonly RecordRow<'session'>[];
  readonly closing: RecordRow<'sheet'> | undefined;
  readonly review: RecordRow<'review'> | undefined;
  readonly remarks: readonly RecordRow<'remark'>[];
  /** Keys (`type/id`) of records of which a change was not accepted. */
  readonly attention: ReadonlySet<string>;
}

/** The cards of a sheet's people, their consents, and the names beside them. */
export interface SheetCards {
  readonly cards: ReadonlyMap<string, RecordRow<'person'>>;
  readonly consents: ReadonlyMap<string, readonly RecordRow<'consent'>[]>;
  readonly places: Places;
}

/** The sheet of a session; undefined when the session is not on this device. */
export async function readSheet(database: DeviceDatabase, sessionId: string): Promise<Sheet | undefined> {
  const [frame, marks, waiting] = await Promise.all([
    readSheetFrame(database, sessionId),
    readUnder(database, 'attendance', sessionId),
    readWaitingKeys(database)
  ]);
  if (frame === undefined) return undefined;
  const cards = await readSheetCards(database, peopleOf(marks));
  return composeSheet({ frame, marks, waiting, cards });
}

export async function readSheetFrame(
  database: DeviceDatabase,
  sessionId: string
): Promise<SheetFrame | undefined> {
  const session = await readRecord(database, 'session', sessionId);
  if (session === undefined) return undefined;
  const eventId = session.values.event;
  const [event, sessions, closing, review, remarks, attention] = await Promise.all([
    eventId === undefined ? undefined : readRecord(database, 'event', eventId),
    eventId === undefined ? [session] : readUnder(database, 'session', eventId),
    readRecord(database, 'sheet', sessionId),
    readRecord(database, 'review', reviewId('sheet', sessionId)),
    readUnder(database, 'remark', sessionId),
    readAttentionKeys(database)
  ]);
  return { session, event, sessions, closing, review, remarks, attention };
}

/** Ids of the people who have a line, in the order of the marks. */
function peopleOf(marks: readonly RecordRow<'attendance'>[]): readonly string[] {
  return marks.filter(isNamed).map((mark) => attendanceParts(mark.id).person);
}

/** One request each: a request a person would hold a tap for seconds on a slow tablet with a full hall. */
export async function readSheetCards(
  database: DeviceDatabase,
  people: readonly string[]
): Promise<SheetCards> {
  const [cards, consents, places] = await Promise.all([
    readMany(database, 'person', people),
    readUnderAny(database, 'consent', people),
    readPlaces(database)
  ]);
  return { cards, consents, places };
}

/** Lines of those present whose cards can be completed: who gave no consent is not asked for more. */
export function cardsToComplete(rows: readonly SheetRow[]): readonly SheetRow[] {
  return rows.filter((row) => isPresent(row.status) && row.toComplete && row.consent !== 'refused');
}
