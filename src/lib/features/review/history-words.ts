import { m } from '$lib/paraglide/messages.js';

const words: Readonly<Record<string, () => string>> = {
  closed: m.office_field_closed,
  paperCount: m.office_field_paper_count,
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
const companions = new Set([
  'at',
  'present',
  'unmarked',
  'startedAt',
  'finishedAt',
  'form',
  'version',
  'code'
]);

/** What an operation touched, in the words of the screens. */
export function fieldWords(set: Readonly<Record<string, unknown>>): string {
  const named = Object.keys(set)
    .filter((field) => !companions.has(field))
    .map((field) =>
      field === 'closed' && set[field] === false ? m.action_reopen_sheet() : words[field]?.()
    );
  const known = [...new Set(named.filter((word) => word !== undefined))];
  return known.length > 0 ? known.join(', ') : m.office_field_other();
}
