import { joinIds } from '#domain/ids.ts';
import type { services } from '#domain/records/consultation.ts';
import type { Values } from '#domain/records/registry.ts';
import { newPersonChange } from '$lib/features/people/index.ts';
import type { AnyChange, ChangeOf, ShownRow } from '$lib/storage/write.ts';
import type { NoteForm, Subject } from './note-form.ts';

export type Service = (typeof services)[number];

type NoteFields = {
  [Field in keyof Values<'consultation'>]?: Exclude<Values<'consultation'>[Field], undefined> | null;
};
type Words = { readonly request: string; readonly advice: string };

/** What a note needs to know to become records. */
export interface NoteContext {
  /** The consultant (user id). */
  readonly author: string;
  /** Subject of each topic of the directory. */
  readonly subjectOf: (topic: string) => Subject | undefined;
}

/**
 * The changes of a new or corrected note: its own first, then its confidential words, then people and memberships.
 * Of a correction only what was changed since the form was opened is written (I17).
 * @param before the form as it was opened; undefined = everything is new, or everything is to be written again
 * @param shown the row when the form was opened
 */
export function noteChanges(
  form: NoteForm,
  context: NoteContext,
  before?: { readonly form: NoteForm; readonly shown: number | ShownRow }
): readonly AnyChange[] {
  const now = fieldsOf(form, context);
  const then = before === undefined ? {} : fieldsOf(before.form, context);
  const set = difference(now, then, before === undefined);
  const shown = before === undefined ? {} : { shown: before.shown };
  const note: ChangeOf<'consultation'> = {
    type: 'consultation',
    id: form.id,
    set: before === undefined ? { ...set, kind: 'consultation', author: context.author } : set,
    ...shown
  };
  return [
    ...(Object.keys(note.set).length === 0 ? [] : [note]),
    ...wordsChanges(form, context.author, before?.form),
    ...clientChanges(form),
    ...peopleChanges(form)
  ];
}

/** The fields of the countable part: confidential words are never among them. */
function fieldsOf(form: NoteForm, context: NoteContext): NoteFields {
  const open: Words = form.confidential ? { request: '', advice: '' } : form;
  const { client } = form;
  const subjects = form.topics.map(context.subjectOf).filter((subject) => subject !== undefined);
  const people = [...form.people, ...form.newPeople.map((person) => person.id)];
  if (client?.type === 'person' && !people.includes(client.id)) people.unshift(client.id);
  return {
    group: client?.type === 'group' ? client.id : null,
    organisation: client?.type === 'organisation' ? client.id : null,
    person: client?.type === 'person' ? client.id : null,
    people: people.length === 0 ? null : people,
    nameless: form.nameless === 0 ? null : form.nameless,
    settlement: orNull(form.settlement),
    event: orNull(form.event),
    project: orNull(form.project),
    date: orNull(form.date),
    minutes: form.minutes === 0 ? null : form.minutes,
    channel: form.channel === '' ? null : form.channel,
    topics: form.topics.length === 0 ? null : form.topics,
    subjects: subjects.length === 0 ? null : [...new Set(subjects)],
    request: orNull(open.request),
    advice: orNull(open.advice),
    result: orNull(form.result),
    followUp: orNull(form.followUp),
    followUpDate: orNull(form.followUpDate),
    confidential: form.confidential ? true : null
  };
}

/** What differs; of a new record only what is filled in. */
function difference(now: NoteFields, then: NoteFields, isNew: boolean): NoteFields {
  const before = new Map(Object.entries(then));
  return Object.fromEntries(
    Object.entries(now).filter(([field, value]) =>
      isNew ? value !== null : JSON.stringify(value) !== JSON.stringify(before.get(field))
    )
  );
}

function wordsChanges(form: NoteForm, author: string, before: NoteForm | undefined): readonly AnyChange[] {
  const { id } = form;
  if (!form.confidential) {
    return before?.confidential === true
      ? [{ type: 'confidential_text', id, set: { request: null, advice: null } }]
      : [];
  }
  const [request, advice] = [orNull(form.request), orNull(form.advice)];
  const isSame =
    before?.confidential === true && before.request === form.request && before.advice === form.advice;
  if (isSame) return [];
  return before?.confidential === true
    ? [{ type: 'confidential_text', id, set: { request, advice } }]
    : [{ type: 'confidential_text', id, set: { author, request, advice } }];
}

function clientChanges(form: NoteForm): readonly AnyChange[] {
  const { client, settlement } = form;
  if (client?.newName === undefined) return [];
  const place = settlement === '' ? {} : { settlement };
  switch (client.type) {
    case 'group':
      return [{ type: 'group', id: client.id, set: { name: client.newName, ...place } }];
    case 'organisation':
      return [{ type: 'organisation', id: client.id, set: { name: client.newName, ...place } }];
    case 'person': {
      const [surname = '', name = ''] = splitOnce(client.newName);
      return [newPersonChange(client.id, { surname, name, settlement })];
    }
  }
}

function peopleChanges(form: NoteForm): readonly AnyChange[] {
  const { client, settlement } = form;
  const together = client === undefined || client.type === 'person' ? undefined : client;
  const inOrganisation = (member: boolean) =>
    member && together?.type === 'organisation' ? { organisation: together.id } : {};
  const join = (person: string): readonly AnyChange[] =>
    together === undefined
      ? []
      : [{ type: 'membership', id: joinIds(together.id, person), set: { active: true } }];
  return [
    ...form.joins.filter((person) => form.people.includes(person)).flatMap(join),
    ...form.newPeople.flatMap((person): readonly AnyChange[] => [
      newPersonChange(person.id, { ...person, settlement, ...inOrganisation(person.member) }),
      ...(person.member ? join(person.id) : [])
    ])
  ];
}

function splitOnce(text: string): readonly string[] {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  return [first, rest.join(' ')];
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
