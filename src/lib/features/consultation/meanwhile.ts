import { formatDate, type Language } from '#domain/names/format.ts';
import { fullName } from '#domain/names/person-name.ts';
import { m } from '$lib/paraglide/messages.js';
import type { NoteForm } from './note-form.ts';
import type { Directory } from './queries.ts';

/** A field that somebody changed while the form was open here. */
export interface ChangedField {
  readonly label: string;
  /** As it stands in the record now; empty when it was emptied. */
  readonly theirs: string;
  /** As it stands in this form. */
  readonly mine: string;
  /** Takes their value over. */
  readonly patch: Partial<NoteForm>;
}

const compared = [
  'client',
  'people',
  'date',
  'topics',
  'request',
  'advice',
  'result',
  'followUp',
  'followUpDate'
] as const;

/** What was changed elsewhere since the form was opened, where this form says something else. */
export function changedMeanwhile(
  opened: NoteForm,
  current: NoteForm,
  mine: NoteForm,
  directory: Directory,
  language: Language
): readonly ChangedField[] {
  return compared
    .filter((field) => !isSame(opened[field], current[field]) && !isSame(mine[field], current[field]))
    .map((field) => ({
      label: labelOf(field),
      theirs: wordsOf(current, field, directory, language),
      mine: wordsOf(mine, field, directory, language),
      patch: { [field]: current[field] }
    }));
}

/** Whom a form is for, in the nominative. */
export function clientWords(form: NoteForm, directory: Directory): string {
  const { client } = form;
  if (client === undefined) return '';
  if (client.newName !== undefined) return client.newName;
  return directory.clients.find(({ type, id }) => type === client.type && id === client.id)?.name ?? '';
}

function labelOf(field: (typeof compared)[number]): string {
  const labels: Record<(typeof compared)[number], () => string> = {
    client: m.consult_client,
    people: m.consult_present,
    date: m.consult_date,
    topics: m.consult_topics,
    request: m.consult_request,
    advice: m.consult_advice,
    result: m.consult_result,
    followUp: m.consult_follow_up,
    followUpDate: m.consult_follow_up_date
  };
  return labels[field]();
}

function wordsOf(
  form: NoteForm,
  field: (typeof compared)[number],
  directory: Directory,
  language: Language
): string {
  if (field === 'client') return clientWords(form, directory);
  if (field === 'topics') return form.topics.map((id) => directory.topicTitles.get(id) ?? '').join(', ');
  if (field === 'people') {
    const known = form.people.flatMap((id) => directory.people.get(id) ?? []).map(fullName);
    return [...known, ...form.newPeople.map(({ surname, name }) => `${surname} ${name}`)].join(', ');
  }
  const text = form[field];
  return field === 'date' || field === 'followUpDate' ? formatDate(text, language) : text;
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
