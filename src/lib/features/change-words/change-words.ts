import { attendanceParts, attendanceStatuses } from '#domain/records/attendance.ts';
import { parseValues } from '#domain/records/registry.ts';
import type { Desk } from '$lib/features/office/index.ts';
import { statusWord } from '$lib/features/attendance/index.ts';
import { m } from '$lib/paraglide/messages.js';

/** What an operation set in one record. */
interface LoggedChange {
  readonly type: string;
  readonly id: string;
  readonly set: Readonly<Record<string, unknown>>;
}

const words: Readonly<Record<string, () => string>> = {
  note: m.office_note,
  date: m.office_date,
  request: m.office_request,
  advice: m.office_advice,
  result: m.office_result,
  people: m.office_present,
  topics: m.office_topics,
  followUp: m.office_follow_up,
  answers: m.office_field_answers
};
/** Set together with another field; they say nothing by themselves. */
const companions = new Set(['at', 'startedAt', 'finishedAt', 'form', 'version', 'code']);

/** What an operation did, in the words of the screens: a line for each thing that it touched. */
export function changeWords(desk: Desk, changes: readonly LoggedChange[]): readonly string[] {
  const isErased = changes.some(({ set }) => Array.isArray(set['erased']));
  const others = changes.filter(({ type, set }) => type !== 'attendance' && !Array.isArray(set['erased']));
  return [
    ...(isErased ? [m.erasure_history()] : []),
    ...markWords(
      desk,
      changes.filter(({ type, set }) => type === 'attendance' && !Array.isArray(set['erased']))
    ),
    ...new Set(others.map(wordsOfOne))
  ];
}

/** Marks of one tap or of «отметить всех» together: «Присутствует: Алачева Мария, Волдин Игорь». */
function markWords(desk: Desk, marks: readonly LoggedChange[]): readonly string[] {
  const people = new Map<string, string[]>();
  for (const { id, set } of marks) {
    const values = parseValues('attendance', set);
    const status = attendanceStatuses.find((one) => one === values.status);
    const what = status === undefined ? markWithoutStatus(values) : statusWord(status);
    const isNameless =
      values.nameless === true || desk.records.get('attendance', id)?.values.nameless === true;
    const who = isNameless ? m.office_nameless() : desk.personName(attendanceParts(id).person);
    people.set(what, [...(people.get(what) ?? []), who]);
  }
  return [...people].map(([what, names]) => `${what}: ${names.join(', ')}`);
}

function markWithoutStatus(values: ReturnType<typeof parseValues<'attendance'>>): string {
  if (values.signature !== undefined || values.signatureInk !== undefined) return m.field_signature();
  return values.expected === true ? m.office_invited() : m.office_field_other();
}

function wordsOfOne({ type, set }: LoggedChange): string {
  switch (type) {
    case 'sheet':
      return sheetWords(set);
    case 'photo':
      return m.photo_title();
    case 'review':
      return reviewWords(set);
    case 'remark': {
      const { text, answer } = parseValues('remark', set);
      if (answer !== undefined) return m.office_answer({ text: answer });
      return text === undefined ? m.office_history_remark_done() : m.office_history_remark({ text });
    }
    default:
      return fieldWords(set);
  }
}

function sheetWords(set: LoggedChange['set']): string {
  const { closed, present = 0, paperCount } = parseValues('sheet', set);
  const said = [
    closed === true ? m.field_history_closed({ count: present }) : '',
    closed === false ? m.field_history_reopened() : '',
    paperCount === undefined ? '' : m.field_history_paper({ count: paperCount })
  ].filter(Boolean);
  return said.length > 0 ? said.join(', ') : fieldWords(set);
}

function reviewWords(set: LoggedChange['set']): string {
  const { state, reason } = parseValues('review', set);
  const because = reason === undefined ? '' : `: ${reason}`;
  switch (state) {
    case 'accepted':
      return m.office_history_accepted();
    case 'returned':
      return m.office_history_returned() + because;
    case 'not_counted':
      return m.office_history_not_counted() + because;
    case 'new':
      return m.office_history_undecided();
    default:
      return m.office_field_other();
  }
}

function fieldWords(set: LoggedChange['set']): string {
  const named = Object.keys(set)
    .filter((field) => !companions.has(field))
    .map((field) => words[field]?.());
  const known = [...new Set(named.filter((word) => word !== undefined))];
  return known.length > 0 ? known.join(', ') : m.office_field_other();
}
