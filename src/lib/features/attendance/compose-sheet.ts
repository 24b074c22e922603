import { fullName, nameSortKey } from '#domain/names/person-name.ts';
import { attendanceParts } from '#domain/records/attendance.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { consentOf, neededConsent } from '#domain/review/consent-state.ts';
import { outcomeOf } from '#domain/review/review-state.ts';
import { countSheet } from '#domain/review/sheet-counts.ts';
import { toRegisterPerson } from '$lib/features/people/index.ts';
import { recordKey } from '$lib/storage/database.ts';
import type { Sheet, SheetCards, SheetFrame, SheetRow } from './queries.ts';
import { recordStateOf } from './row-state.ts';

/** Everything that a sheet is put together from. */
export interface SheetParts {
  readonly frame: SheetFrame;
  readonly marks: readonly RecordRow<'attendance'>[];
  readonly cards: SheetCards;
  /** Keys (`type/id`) of records whose last change waits on this device. */
  readonly waiting: ReadonlySet<string>;
}

/** What a mark and a card say; the record's way is told beside it. */
type Line = Omit<SheetRow, 'namesake' | 'state'>;

/** A line with what a tap would otherwise make of every mark again: its place, and its key (`type/id`). */
interface MadeLine {
  readonly line: Line;
  readonly order: string;
  readonly key: string;
}

/** A line as it was made, and from which card: it is the same as long as mark and cards are. */
const made = new WeakMap<RecordRow<'attendance'>, MadeLine & { readonly cards: SheetCards }>();

/** What each row says without its state: the same object says the same. */
const lineOfRow = new WeakMap<SheetRow, Line>();

/**
 * Puts a sheet together. Lines that are as they were in `before` stay the same objects, so that a tap makes and redraws
 * one line.
 */
export function composeSheet(parts: SheetParts, before?: Sheet): Sheet {
  const { frame, marks, cards, waiting } = parts;
  const { session, event, sessions, closing, review, remarks, attention } = frame;
  const outcome = outcomeOf(review, [
    ...marks.filter((mark) => mark.values.status !== undefined),
    ...(closing === undefined ? [] : [closing]),
    ...remarks.filter((remark) => remark.values.done === true)
  ]);
  const delivery = { waiting, attention };
  const known = new Map(before?.rows.map((row) => [row.id, row] as const));
  const shown = marks
    .map((mark) => {
      const { line, order, key } = lineOf(mark, cards);
      return { line, order, state: recordStateOf(key, mark, delivery, outcome) };
    })
    .filter(({ line }) => line.expected || line.status !== 'none')
    .sort((left, right) => (left.order < right.order ? -1 : 1));
  const rows = shown.map(({ line, state }, index) => {
    const former = known.get(line.id);
    // In the order of names those of one name stand together.
    const beside = [shown[index - 1], shown[index + 1]];
    const namesake = line.name !== '' && beside.some((other) => other?.line.name === line.name);
    const isKept =
      former !== undefined && former.state === state && former.namesake === namesake && isSame(former, line);
    const row = isKept ? former : { ...line, namesake, state };
    lineOfRow.set(row, line);
    return row;
  });
  const settlementId = event?.values.settlement;
  return {
    session,
    event,
    sessions: [...sessions].sort((left, right) => (left.values.number ?? 0) - (right.values.number ?? 0)),
    settlement: (settlementId === undefined ? undefined : cards.places.settlements.get(settlementId)) ?? '',
    rows,
    counts: countSheet(rows),
    closing,
    review,
    remarks: remarks
      .filter((remark) => remark.values.done !== true)
      .sort((left, right) => (left.values.at ?? 0) - (right.values.at ?? 0))
  };
}

export function isNamed(mark: RecordRow<'attendance'>): boolean {
  return mark.values.nameless !== true;
}

function lineOf(mark: RecordRow<'attendance'>, cards: SheetCards): MadeLine {
  const former = made.get(mark);
  if (former !== undefined && former.cards === cards) return former;
  const line = toLine(mark, cards);
  const fresh = { cards, line, order: orderOf(line), key: recordKey('attendance', mark.id) };
  made.set(mark, fresh);
  return fresh;
}

function toLine(mark: RecordRow<'attendance'>, { cards, consents: consentsOf, places }: SheetCards): Line {
  const { person } = attendanceParts(mark.id);
  const nameless = !isNamed(mark);
  const card = nameless ? undefined : cards.get(person);
  const consents = nameless ? [] : (consentsOf.get(person) ?? []);
  const needed = neededConsent([card?.values.ageBand]);
  const entry = card === undefined ? undefined : toRegisterPerson(card, places);
  const { status = 'none', at = 0, expected = false, answer, signature, enteredLater = false } = mark.values;
  return {
    id: mark.id,
    person,
    nameless,
    name: entry === undefined ? '' : fullName(entry),
    surname: entry?.surname ?? '',
    erased: card?.values.erased !== undefined,
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
    toComplete:
      entry !== undefined &&
      card?.values.erased === undefined &&
      (entry.phone === undefined || entry.organisation === '')
  };
}

/** By name in Russian order; the nameless at the end, in the order in which they were counted. */
function orderOf(line: Line): string {
  const key =
    line.nameless || line.erased
      ? String(line.at).padStart(16, '0')
      : nameSortKey({ surname: line.surname, name: line.givenNames });
  return `${line.nameless || line.erased ? '1' : '0'}${key}\u0000${line.id}`;
}

/** Every field of a line is a plain value. */
function isSame(row: SheetRow, line: Line): boolean {
  return lineOfRow.get(row) === line || lineFields(line).every((field) => row[field] === line[field]);
}

function lineFields(line: Line): readonly (keyof Line)[] {
  return Object.keys(line) as (keyof Line)[];
}
