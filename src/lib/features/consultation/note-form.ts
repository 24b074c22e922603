import * as v from 'valibot';
import { channels } from '#domain/records/consultation.ts';
import { subjects } from '#domain/records/event.ts';
import type { RecordRow } from '#domain/records/registry.ts';

export type ClientType = 'group' | 'organisation' | 'person';
export type Channel = (typeof channels)[number];
export type Subject = (typeof subjects)[number];

const newPersonSchema = v.object({
  id: v.string(),
  surname: v.string(),
  name: v.string(),
  /** Becomes a member of the group or organisation. */
  member: v.boolean()
});

const noteFormSchema = v.object({
  /** Id of the record that the note is or becomes. */
  id: v.string(),
  client: v.optional(
    v.object({
      type: v.picklist(['group', 'organisation', 'person']),
      id: v.string(),
      /** Name of a client that is not in the register yet and is recorded with the note. */
      newName: v.optional(v.string())
    })
  ),
  /** People present who are in the register. */
  people: v.array(v.string()),
  /** Those of `people` who become members with this note. */
  joins: v.array(v.string()),
  newPeople: v.array(newPersonSchema),
  nameless: v.number(),
  settlement: v.string(),
  event: v.string(),
  project: v.string(),
  date: v.string(),
  minutes: v.number(),
  channel: v.picklist(['', ...channels]),
  topics: v.array(v.string()),
  request: v.string(),
  advice: v.string(),
  result: v.string(),
  followUp: v.string(),
  followUpDate: v.string(),
  confidential: v.boolean()
});

/** A consultation note as it is being filled in: plain data, kept as a draft at every change. */
export type NoteForm = v.InferOutput<typeof noteFormSchema>;

/** A note that nothing is known of yet but where and when. */
export function emptyNote(
  id: string,
  start: {
    readonly date: string;
    readonly event?: string;
    readonly settlement?: string;
    readonly project?: string;
  }
): NoteForm {
  return {
    id,
    client: undefined,
    people: [],
    joins: [],
    newPeople: [],
    nameless: 0,
    settlement: start.settlement ?? '',
    event: start.event ?? '',
    project: start.project ?? '',
    date: start.date,
    minutes: 0,
    channel: start.event === undefined ? '' : 'in_person',
    topics: [],
    request: '',
    advice: '',
    result: '',
    followUp: '',
    followUpDate: '',
    confidential: false
  };
}

/** A draft read back from the device; undefined when an older program wrote it otherwise. */
export function parseNoteForm(content: unknown): NoteForm | undefined {
  const parsed = v.safeParse(noteFormSchema, content);
  return parsed.success ? parsed.output : undefined;
}

/** A stored note opened for correcting. The words of a confidential one stand in their own record. */
export function noteFormOf(
  row: RecordRow<'consultation'>,
  words: RecordRow<'confidential_text'> | undefined
): NoteForm {
  const { values } = row;
  const confidential = values.confidential === true;
  return {
    id: row.id,
    client: clientOf(row),
    people: [...(values.people ?? [])],
    joins: [],
    newPeople: [],
    nameless: values.nameless ?? 0,
    settlement: values.settlement ?? '',
    event: values.event ?? '',
    project: values.project ?? '',
    date: values.date ?? '',
    minutes: values.minutes ?? 0,
    channel: values.channel ?? '',
    topics: [...(values.topics ?? [])],
    request: (confidential ? words?.values.request : values.request) ?? '',
    advice: (confidential ? words?.values.advice : values.advice) ?? '',
    result: values.result ?? '',
    followUp: values.followUp ?? '',
    followUpDate: values.followUpDate ?? '',
    confidential
  };
}

/** Whom a note is for. */
export function clientOf(
  row: Pick<RecordRow<'consultation'>, 'values'>
): { readonly type: ClientType; readonly id: string } | undefined {
  const { group, organisation, person } = row.values;
  if (group !== undefined) return { type: 'group', id: group };
  if (organisation !== undefined) return { type: 'organisation', id: organisation };
  return person === undefined ? undefined : { type: 'person', id: person };
}

export type NoteProblem = 'client' | 'date' | 'topics';

/** What stands in the way of saving. Words may be added later: with whom, when and about what are enough. */
export function noteProblems(form: NoteForm): readonly NoteProblem[] {
  return [
    ...(form.client === undefined && form.people.length === 0 && form.newPeople.length === 0
      ? (['client'] as const)
      : []),
    ...(form.date === '' ? (['date'] as const) : []),
    ...(form.topics.length === 0 ? (['topics'] as const) : [])
  ];
}
