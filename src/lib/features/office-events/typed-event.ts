import * as v from 'valibot';
import { subjects } from '#domain/records/event.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { sessionsOf } from './queries.ts';

export const eventKinds = ['seminar', 'school', 'practical_work', 'meeting', 'webinar', 'trip'] as const;

const sessionSchema = v.object({
  /** Of a session that is there already; empty for one that is being added. */
  id: v.string(),
  /** The row that the form showed. */
  seq: v.number(),
  era: v.exactOptional(v.number()),
  /** Plain day. */
  date: v.string(),
  /** `HH:MM`, empty when not given. */
  start: v.string(),
  end: v.string(),
  topic: v.string(),
  /** As it is typed: «1,5». */
  hours: v.string()
});

/** An event's form as it is typed. */
export const typedEventSchema = v.object({
  title: v.string(),
  kind: v.picklist(eventKinds),
  subjects: v.array(v.picklist(subjects)),
  project: v.string(),
  settlement: v.string(),
  venue: v.string(),
  plannedPeople: v.string(),
  facilitators: v.array(v.object({ name: v.string(), external: v.boolean() })),
  sessions: v.array(sessionSchema)
});
export type TypedEvent = v.InferOutput<typeof typedEventSchema>;
export type TypedSession = TypedEvent['sessions'][number];

export function emptySession(): TypedSession {
  return { id: '', seq: 0, date: '', start: '', end: '', topic: '', hours: '' };
}

export function emptyEvent(project: string): TypedEvent {
  return {
    title: '',
    kind: 'seminar',
    subjects: [],
    project,
    settlement: '',
    venue: '',
    plannedPeople: '',
    facilitators: [{ name: '', external: false }],
    sessions: [emptySession()]
  };
}

/** What the form shows of an event that is there. */
export function typedEventOf(records: RecordSet, { id, values }: RecordRow<'event'>): TypedEvent {
  const facilitators = (values.facilitators ?? []).map(({ name, external }) => ({ name, external }));
  return {
    title: values.title ?? '',
    kind: values.kind ?? 'seminar',
    subjects: [...(values.subjects ?? [])],
    project: values.project ?? '',
    settlement: values.settlement ?? '',
    venue: values.venue ?? '',
    plannedPeople: values.plannedPeople === undefined ? '' : String(values.plannedPeople),
    facilitators: facilitators.length > 0 ? facilitators : [{ name: '', external: false }],
    sessions: sessionsOf(records, id).map((row) => ({
      id: row.id,
      seq: row.seq,
      ...(row.era === undefined ? {} : { era: row.era }),
      date: row.values.date ?? '',
      start: row.values.start ?? '',
      end: row.values.end ?? '',
      topic: row.values.topic ?? '',
      hours: row.values.hours === undefined ? '' : String(row.values.hours).replace('.', ',')
    }))
  };
}

/** «1,5» as a number; 0 when it is none. */
export function readHours(text: string): number {
  const hours = Number(text.replace(',', '.'));
  return Number.isFinite(hours) && hours > 0 && hours <= 100 ? hours : 0;
}

/** How many people are planned for; undefined when nothing readable is typed. */
export function readPlannedPeople(text: string): number | undefined {
  const digits = text.replace(/\s/g, '');
  return /^\d{1,5}$/.test(digits) ? Number(digits) : undefined;
}
