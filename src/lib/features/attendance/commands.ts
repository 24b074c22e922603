import { wholeSecond } from '#domain/sync/whole-second.ts';
import { attendanceId, type AttendanceStatus } from '#domain/records/attendance.ts';
import type { Values } from '#domain/records/registry.ts';
import type { SheetCounts } from '#domain/review/sheet-counts.ts';
import type { App } from '$lib/app/open-app.ts';
import { newPersonChange, type NewPerson } from '$lib/features/people/index.ts';
import type { ChangeOf } from '$lib/storage/write.ts';

/** What a command needs of the app. */
export type Recorder = Pick<App, 'write' | 'newId' | 'now'>;
/** What a mark looked like before it was changed, to put it back. */
export type MarkBefore = Pick<Values<'attendance'>, 'status' | 'at' | 'signature'>;

/** An operation carries at most this many changes. */
const changesInOne = 20;

/** One tap: a mark of one person. Resolves when it is safe on this device. */
export async function markAttendance(
  app: Recorder,
  session: string,
  person: string,
  status: AttendanceStatus
): Promise<void> {
  await app.write([
    { type: 'attendance', id: attendanceId(session, person), set: { status, at: wholeSecond(app.now()) } }
  ]);
}

/** Puts a mark back as it was before the last tap. */
export async function restoreMark(app: Recorder, id: string, before: MarkBefore): Promise<void> {
  const { status = 'none', at, signature } = before;
  await app.write([
    {
      type: 'attendance',
      id,
      set: { status, at: at ?? wholeSecond(app.now()), ...(signature === undefined ? {} : { signature }) }
    }
  ]);
}

/**
 * Corrects the moment of a mark: when a person came late or left early.
 * @param at UTC ms
 */
export async function setMarkTime(
  app: Recorder,
  id: string,
  status: AttendanceStatus,
  at: number
): Promise<void> {
  await app.write([{ type: 'attendance', id, set: { status, at } }]);
}

/** Marks several people at once («отметить всех»), in operations of 20. */
export async function markMany(
  app: Recorder,
  ids: readonly string[],
  status: AttendanceStatus
): Promise<void> {
  const at = wholeSecond(app.now());
  await writeMany(
    app,
    ids.map((id) => ({ type: 'attendance', id, set: { status, at } }))
  );
}

/** «+1 без имени»: counts a participant without a name. Returns the id of the mark. */
export async function addNameless(app: Recorder, session: string): Promise<string> {
  const id = attendanceId(session, app.newId());
  await app.write([{ type: 'attendance', id, set: { nameless: true, status: 'present', at: app.now() } }]);
  return id;
}

/** «Записать и отметить»: a new card and its mark in one operation. Returns the person's id. */
export async function addWalkIn(app: Recorder, session: string, person: NewPerson): Promise<string> {
  const id = app.newId();
  await app.write([
    newPersonChange(id, person),
    {
      type: 'attendance',
      id: attendanceId(session, id),
      set: { status: 'present', at: wholeSecond(app.now()) }
    }
  ]);
  return id;
}

/** How a participant signed; `none` takes the signature back. */
export async function setSignature(
  app: Recorder,
  ids: readonly string[],
  signature: NonNullable<Values<'attendance'>['signature']>
): Promise<void> {
  await writeMany(
    app,
    ids.map((id) => ({ type: 'attendance', id, set: { signature } }))
  );
}

/**
 * A signature by finger: its strokes travel with the mark, in one transaction.
 * @param svg the strokes as an SVG document
 */
export async function signOnScreen(app: Recorder, id: string, svg: string): Promise<void> {
  const bytes = new TextEncoder().encode(svg);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  await app.write([{ type: 'attendance', id, set: { signature: 'screen', signatureInk: sha256 } }], {
    attachments: [{ sha256, mime: 'image/svg+xml', bytes: bytes.buffer, state: 'waiting' }]
  });
}

/**
 * Copies a line of the paper sheet: a mark made at the time of the session, entered later.
 * @param at when the session began, UTC ms
 */
export async function enterFromPaper(
  app: Recorder,
  id: string,
  paperLine: number,
  at: number
): Promise<void> {
  await app.write([
    {
      type: 'attendance',
      id,
      set: { status: 'present', at, enteredLater: true, signature: 'paper', paperLine }
    }
  ]);
}

/** Closes the sheet with its totals. */
export async function closeSheet(app: Recorder, session: string, counts: SheetCounts): Promise<void> {
  const { present, unmarked } = counts;
  await app.write([{ type: 'sheet', id: session, set: { closed: true, at: app.now(), present, unmarked } }]);
}

/** Opens a closed sheet again; the history keeps both. */
export async function reopenSheet(app: Recorder, session: string): Promise<void> {
  await app.write([{ type: 'sheet', id: session, set: { closed: false, at: app.now() } }]);
}

/** «Сверка»: how many signatures stand on the paper. */
export async function setPaperCount(app: Recorder, session: string, paperCount: number): Promise<void> {
  await app.write([{ type: 'sheet', id: session, set: { paperCount } }]);
}

/** Answers the reviewer's remark: the task is done. */
export async function answerRemark(app: Recorder, remark: string, answer: string): Promise<void> {
  await app.write([
    { type: 'remark', id: remark, set: { done: true, ...(answer === '' ? {} : { answer }) } }
  ]);
}

async function writeMany(app: Recorder, changes: readonly ChangeOf<'attendance'>[]): Promise<void> {
  for (let from = 0; from < changes.length; from += changesInOne) {
    await app.write(changes.slice(from, from + changesInOne));
  }
}
