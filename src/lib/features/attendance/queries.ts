import { fullName, nameSortKey } from '#domain/names/person-name.ts';
import { attendanceParts, type AttendanceStatus } from '#domain/records/attendance.ts';
import type { RecordRow, Values } from '#domain/records/registry.ts';
import { reviewId } from '#domain/records/review.ts';
import { consentOf, neededConsent } from '#domain/review/consent-state.ts';
import { outcomeOf } from '#domain/review/review-state.ts';
import { countSheet, type SheetCounts } from '#domain/review/sheet-counts.ts';
import { readPlaces, toRegisterPerson, type Places } from '$lib/features/people/index.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { readMany, readRecord, readUnder, readUnderAny } from '$lib/storage/read.ts';
import type { RecordState } from '$lib/ui/record-state.ts';
import { readDelivery, recordStateOf, type Delivery } from './row-state.ts';

/** One line of a sheet. */
export interface SheetRow {
  /** Id of the mark, `session~person`. */
  readonly id: string;
  readonly person: string;
  readonly nameless: boolean;
  /** «Фамилия Имя Отчество»; empty for a nameless participant and for a card that is not on this device. */
  readonly name: string;
  readonly surname: string;
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

/** What a tap changes, and what stands around it: everything of a sheet but the cards of its people. */
export interface SheetMarks {
  readonly session: RecordRow<'session'>;
  readonly event: RecordRow<'event'> | undefined;
  readonly sessions: readonly RecordRow<'session'>[];
  readonly marks: readonly RecordRow<'attendance'>[];
  readonly closing: RecordRow<'sheet'> | undefined;
  readonly review: RecordRow<'review'> | undefined;
  readonly remarks: readonly RecordRow<'remark'>[];
  readonly delivery: Delivery;
}

/** The cards of a sheet's people, their consents, and the names beside them. */
export interface SheetCards {
  readonly cards: ReadonlyMap<string, RecordRow<'person'>>;
  readonly consents: ReadonlyMap<string, readonly RecordRow<'consent'>[]>;
  readonly places: Places;
}

/** The sheet of a session; undefined when the session is not on this device. */
export async function readSheet(database: DeviceDatabase, sessionId: string): Promise<Sheet | undefined> {
  const marks = await readSheetMarks(database, sessionId);
  return marks === undefined
    ? undefined
    : composeSheet(marks, await readSheetCards(database, peopleOf(marks)));
}

export async function readSheetMarks(
  database: DeviceDatabase,
  sessionId: string
): Promise<SheetMarks | undefined> {
  const session = await readRecord(database, 'session', sessionId);
  if (session === undefined) return undefined;
  const eventId = session.values.event;
  const [event, sessions, marks, closing, review, remarks, delivery] = await Promise.all([
    eventId === undefined ? undefined : readRecord(database, 'event', eventId),
    eventId === undefined ? [session] : readUnder(database, 'session', eventId),
    readUnder(database, 'attendance', sessionId),
    readRecord(database, 'sheet', sessionId),
    readRecord(database, 'review', reviewId('sheet', sessionId)),
    readUnder(database, 'remark', sessionId),
    readDelivery(database)
  ]);
  return { session, event, sessions, marks, closing, review, remarks, delivery };
}

/** Ids of the people who have a line, in the order of the marks. */
export function peopleOf({ marks }: SheetMarks): readonly string[] {
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

/**
 * Puts a sheet together. Lines that are as they were in `before` stay the same objects, so that a tap redraws one line.
 */
export function composeSheet(
  { session, event, sessions, marks, closing, review, remarks, delivery }: SheetMarks,
  { cards, consents: consentsOf, places }: SheetCards,
  before?: Sheet
): Sheet {
  const known = new Map(before?.rows.map((row) => [row.id, row] as const));
  const outcome = outcomeOf(review, [
    ...marks.filter((mark) => mark.values.status !== undefined),
    ...(closing === undefined ? [] : [closing]),
    ...remarks.filter((remark) => remark.values.done === true)
  ]);
  const shown = marks
    .map((mark) => {
      const row = toRow(mark);
      const former = known.get(row.id);
      return former !== undefined && isSame(former, row) ? former : row;
    })
    .filter((row) => row.expected || row.status !== 'none')
    .sort(compareRows);
  const settlementId = event?.values.settlement;
  return {
    session,
    event,
    sessions: [...sessions].sort((left, right) => (left.values.number ?? 0) - (right.values.number ?? 0)),
    settlement: (settlementId === undefined ? undefined : places.settlements.get(settlementId)) ?? '',
    rows: shown,
    counts: countSheet(shown),
    closing,
    review,
    remarks: remarks
      .filter((remark) => remark.values.done !== true)
      .sort((left, right) => (left.values.at ?? 0) - (right.values.at ?? 0))
  };

  function toRow(mark: RecordRow<'attendance'>): SheetRow {
    const { person } = attendanceParts(mark.id);
    const nameless = !isNamed(mark);
    const card = nameless ? undefined : cards.get(person);
    const consents = nameless ? [] : (consentsOf.get(person) ?? []);
    const needed = neededConsent([card?.values.ageBand]);
    const entry = card === undefined ? undefined : toRegisterPerson(card, places);
    const {
      status = 'none',
      at = 0,
      expected = false,
      answer,
      signature,
      enteredLater = false
    } = mark.values;
    return {
      id: mark.id,
      person,
      nameless,
      name: entry === undefined ? '' : fullName(entry),
      surname: entry?.surname ?? '',
      givenNames: [entry?.name, entry?.patronymic].filter((part) => part !== undefined).join(' '),
      settlement: entry?.settlement ?? '',
      organisation: entry?.organisation ?? '',
      organisationId: entry?.organisationId,
      position: card?.values.position ?? '',
      ageBand: card?.values.ageBand,
      phone: entry?.phone,
      status,
      at,
      expected,
      answer,
      signature,
      enteredLater,
      consent: consentOf(consents, [card?.values.ageBand]),
      consentId: consents.find((consent) => consent.values.kind === needed)?.id,
      toComplete: entry !== undefined && (entry.phone === undefined || entry.organisation === ''),
      state: recordStateOf(`attendance/${mark.id}`, mark, delivery, outcome)
    };
  }
}

function isNamed(mark: RecordRow<'attendance'>): boolean {
  return mark.values.nameless !== true;
}

/** Every field of a line is a plain value. */
function isSame(left: SheetRow, right: SheetRow): boolean {
  return sheetFields(left).every((field) => left[field] === right[field]);
}

function sheetFields(row: SheetRow): readonly (keyof SheetRow)[] {
  return Object.keys(row) as (keyof SheetRow)[];
}

/** By name in Russian order; the nameless at the end, in the order in which they were counted. */
function compareRows(left: SheetRow, right: SheetRow): number {
  if (left.nameless !== right.nameless) return left.nameless ? 1 : -1;
  if (left.nameless) return left.at - right.at;
  const [first, second] = [sortKey(left), sortKey(right)];
  return first < second ? -1 : first > second ? 1 : left.id < right.id ? -1 : 1;
}

const sortKeys = new WeakMap<SheetRow, string>();

/** Made once for a line: Russian order is slow to tell. */
function sortKey(row: SheetRow): string {
  const known = sortKeys.get(row);
  if (known !== undefined) return known;
  const made = nameSortKey({ surname: row.surname, name: row.givenNames });
  sortKeys.set(row, made);
  return made;
}
