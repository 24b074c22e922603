import { attendanceId } from '#domain/records/attendance.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, Values } from '#domain/records/registry.ts';
import { maxChanges } from '#domain/sync/operation.ts';
import type { App } from '$lib/app/open-app.ts';
import type { AnyChange, ChangeOf } from '$lib/storage/write.ts';
import { shownOf } from '$lib/storage/read.ts';

type Writer = Pick<App, 'write' | 'newId'>;

export interface PlannedSession {
  /** Plain day. */
  readonly date: string;
  /** `HH:MM`, empty when not given. */
  readonly start: string;
  readonly end: string;
  readonly topic: string;
  /** Hours, 0 when not given. */
  readonly hours: number;
}

export interface PlannedEvent {
  readonly title: string;
  readonly kind: NonNullable<Values<'event'>['kind']>;
  readonly subjects: NonNullable<Values<'event'>['subjects']>;
  readonly project: string;
  readonly settlement: string;
  readonly venue: string;
  readonly facilitators: NonNullable<Values<'event'>['facilitators']>;
  readonly sessions: readonly PlannedSession[];
}

/** Plans an event with its sessions in one operation; returns the event's id. */
export async function planEvent(app: Writer, given: PlannedEvent): Promise<string> {
  const id = app.newId();
  const { sessions, project, settlement, venue, ...rest } = given;
  const days = sessions.map(({ date }) => date).sort();
  const [from = '', to = from] = [days[0], days.at(-1)];
  await app.write([
    {
      type: 'event',
      id,
      set: {
        ...rest,
        from,
        to,
        state: 'planned',
        ...(project === '' ? {} : { project }),
        ...(settlement === '' ? {} : { settlement }),
        ...(venue.trim() === '' ? {} : { venue: venue.trim() })
      }
    },
    ...sessions.map((session, index) => sessionChange(app.newId(), id, index + 1, session))
  ]);
  return id;
}

function sessionChange(
  id: string,
  event: string,
  number: number,
  { date, start, end, topic, hours }: PlannedSession
): ChangeOf<'session'> {
  return {
    type: 'session',
    id,
    set: {
      event,
      number,
      date,
      ...(start === '' ? {} : { start }),
      ...(end === '' ? {} : { end }),
      ...(topic.trim() === '' ? {} : { topic: topic.trim() }),
      ...(hours === 0 ? {} : { hours })
    }
  };
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
  for (let from = 0; from < changes.length; from += maxChanges) {
    await app.write(changes.slice(from, from + maxChanges));
  }
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

type Filled<Fields> = { [Field in keyof Fields]?: Exclude<Fields[Field], undefined> };

/** Only fields that have a value: an absent one is untouched, never emptied. */
function withoutEmpty<Fields extends object>(fields: Fields): Filled<Fields> {
  const filled: Filled<Fields> = { ...fields };
  for (const field of Object.keys(filled) as (keyof Fields)[]) {
    if (filled[field] === undefined) delete filled[field];
  }
  return filled;
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
