import { attendanceId } from '#domain/records/attendance.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, Values } from '#domain/records/registry.ts';
import { maxChanges } from '#domain/sync/operation.ts';
import type { App } from '$lib/app/open-app.ts';
import type { AnyChange, ChangeOf, ShownRow } from '$lib/storage/write.ts';
import { shownOf } from '$lib/storage/read.ts';
import { invitedTo } from './queries.ts';
import { readHours, readPlannedPeople, type TypedEvent, type TypedSession } from './typed-event.ts';

type Writer = Pick<App, 'write' | 'newId'>;

/** Plans an event with its sessions in one operation; returns the event's id. */
export async function planEvent(app: Writer, typed: TypedEvent): Promise<string> {
  const id = app.newId();
  const set = withoutEmpty(eventFields(typed));
  await writeTogether(app, [
    { type: 'event', id, set: { ...set, state: 'planned' } },
    ...typed.sessions.map((session, index): AnyChange => ({
      type: 'session',
      id: app.newId(),
      set: { event: id, number: index + 1, ...withoutEmpty(sessionFields(session)) }
    }))
  ]);
  return id;
}

/**
 * Changes what was planned: only what differs from what the form showed, against the rows that it showed. Sessions that
 * are no longer typed are removed; people who were expected are expected at an added session too.
 */
export async function changeEvent(
  app: Writer & Pick<App, 'now'>,
  records: RecordSet,
  event: { readonly id: string; readonly shown: number | ShownRow | undefined },
  before: TypedEvent,
  typed: TypedEvent
): Promise<void> {
  const changes: AnyChange[] = [];
  const set = differing(eventFields(before), eventFields(typed));
  if (Object.keys(set).length > 0)
    changes.push({
      type: 'event',
      id: event.id,
      set,
      ...(event.shown === undefined ? {} : { shown: event.shown })
    });
  const added: string[] = [];
  for (const [index, session] of typed.sessions.entries()) {
    const old = before.sessions.find((one) => one.id !== '' && one.id === session.id);
    if (old === undefined) {
      const id = app.newId();
      added.push(id);
      const fields = withoutEmpty(sessionFields(session));
      changes.push({ type: 'session', id, set: { event: event.id, number: index + 1, ...fields } });
      continue;
    }
    const own = differing(sessionFields(old), sessionFields(session));
    const moved = before.sessions.indexOf(old) !== index;
    if (Object.keys(own).length > 0 || moved)
      changes.push({
        type: 'session',
        id: old.id,
        set: { ...own, ...(moved ? { number: index + 1 } : {}) },
        shown: shownOf(old)
      });
  }
  for (const old of before.sessions) {
    if (typed.sessions.some((session) => session.id === old.id)) continue;
    changes.push({ type: 'session', id: old.id, set: { deletedAt: app.now() } });
  }
  if (changes.length > 0) await writeTogether(app, changes);
  if (added.length === 0) return;
  await invite(
    app,
    added,
    invitedTo(records, event.id).map((one) => one.person)
  );
}

/** The fields of an event as they are stored; `null` = nothing there. */
function eventFields(typed: TypedEvent) {
  const days = typed.sessions.map(({ date }) => date).sort();
  const facilitators = typed.facilitators
    .map(({ name, external }) => ({ name: name.trim(), external }))
    .filter(({ name }) => name !== '');
  return {
    title: typed.title.trim(),
    kind: typed.kind,
    subjects: typed.subjects,
    project: typed.project === '' ? null : typed.project,
    settlement: typed.settlement === '' ? null : typed.settlement,
    venue: typed.venue.trim() === '' ? null : typed.venue.trim(),
    plannedPeople: readPlannedPeople(typed.plannedPeople) ?? null,
    facilitators,
    from: days[0] ?? null,
    to: days.at(-1) ?? null
  };
}

function sessionFields({ date, start, end, topic, hours }: TypedSession) {
  const read = readHours(hours);
  return {
    date,
    start: start === '' ? null : start,
    end: end === '' ? null : end,
    topic: topic.trim() === '' ? null : topic.trim(),
    hours: read === 0 ? null : read
  };
}

/** Only the fields that differ. */
function differing<Fields extends object>(before: Fields, next: Fields): Partial<Fields> {
  const set: Partial<Fields> = { ...next };
  for (const field of Object.keys(set) as (keyof Fields)[]) {
    if (JSON.stringify(before[field]) === JSON.stringify(next[field])) delete set[field];
  }
  return set;
}

/** One operation as long as it fits into one. */
async function writeTogether(app: Writer, changes: readonly AnyChange[]): Promise<void> {
  for (let from = 0; from < changes.length; from += maxChanges) {
    await app.write(changes.slice(from, from + maxChanges));
  }
}

/** Invites people to every session of an event. */
export async function invite(
  app: Writer,
  sessions: readonly string[],
  people: readonly string[]
): Promise<void> {
  await writeMarks(
    app,
    sessions.flatMap((session) =>
      people.map((person) => ({
        type: 'attendance',
        id: attendanceId(session, person),
        set: { expected: true }
      }))
    )
  );
}

/** Takes an invitation back; a mark that was made stays. */
export async function uninvite(app: Writer, sessions: readonly string[], person: string): Promise<void> {
  await writeMarks(
    app,
    sessions.map((session) => ({
      type: 'attendance',
      id: attendanceId(session, person),
      set: { expected: false }
    }))
  );
}

/** What an invited person said: придёт, не придёт, не дозвонились. */
export async function setAnswer(
  app: Writer,
  sessions: readonly string[],
  person: string,
  answer: Values<'attendance'>['answer']
): Promise<void> {
  await writeMarks(
    app,
    sessions.map((session) => ({
      type: 'attendance',
      id: attendanceId(session, person),
      set: { answer: answer ?? null }
    }))
  );
}

async function writeMarks(app: Writer, changes: readonly ChangeOf<'attendance'>[]): Promise<void> {
  await writeTogether(app, changes);
}

export interface PlanChange {
  readonly state: NonNullable<Values<'event'>['state']>;
  readonly reason: Values<'event'>['reason'];
  readonly reasonNote: string;
  /** Plain day; only for `moved`. */
  readonly movedTo: string;
}

/**
 * Changes how an event stands, against the row that was shown. Moving keeps the old event with its reason and plans a
 * copy on the new day with the same sessions and invitations.
 * @returns the id of the copy when there is one
 */
export async function changePlan(
  app: Writer,
  records: RecordSet,
  event: RecordRow<'event'>,
  { state, reason, reasonNote, movedTo }: PlanChange
): Promise<string | undefined> {
  const isMoved = state === 'moved' && movedTo !== '';
  const change: AnyChange = {
    type: 'event',
    id: event.id,
    set: {
      state,
      reason: reason ?? null,
      reasonNote: reasonNote.trim() === '' ? null : reasonNote.trim(),
      movedTo: isMoved ? movedTo : null
    },
    shown: shownOf(event)
  };
  if (!isMoved) {
    await app.write([change]);
    return undefined;
  }
  const copy = app.newId();
  const { title, kind, project, settlement, venue, facilitators, plannedPeople, hours } = event.values;
  const { subjects, countNameless } = event.values;
  const days = daysBetween(event.values.from ?? movedTo, movedTo);
  const sessions = records.byParent('session', event.id).map((session) => ({ session, id: app.newId() }));
  await app.write([
    change,
    {
      type: 'event',
      id: copy,
      set: {
        ...withoutEmpty({ title, kind, project, settlement, venue, facilitators, plannedPeople, hours }),
        ...withoutEmpty({ subjects, countNameless }),
        from: movedTo,
        to: addDays(event.values.to ?? event.values.from ?? movedTo, days),
        state: 'planned'
      }
    },
    ...sessions.map(({ session, id }): AnyChange => ({
      type: 'session',
      id,
      set: {
        ...withoutEmpty(session.values),
        event: copy,
        date: addDays(session.values.date ?? movedTo, days)
      }
    }))
  ]);
  for (const { session, id } of sessions) {
    const expected = records.byParent('attendance', session.id).filter((row) => row.values.expected === true);
    await invite(
      app,
      [id],
      expected.map((row) => row.id.slice(row.id.indexOf('~') + 1))
    );
  }
  return copy;
}

type Filled<Fields> = { [Field in keyof Fields]?: Exclude<Fields[Field], undefined | null> };

/** Only fields that have a value: an absent one is untouched, never emptied. */
function withoutEmpty<Fields extends object>(fields: Fields): Filled<Fields> {
  const filled = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(filled) as Filled<Fields>;
}

const dayMs = 86_400_000;

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

/** The coordinator's decision whether nameless participants of an event count among people. */
export async function setCountNameless(app: Writer, event: string, countNameless: boolean): Promise<void> {
  await app.write([{ type: 'event', id: event, set: { countNameless } }]);
}
