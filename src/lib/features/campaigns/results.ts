import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { reviewOf } from '#domain/review/review-state.ts';
import { parseAnswers } from '#domain/survey/answers.ts';
import type { Form, Question } from '#domain/survey/form.ts';
import { organisationOf, type Tabulated } from '#domain/survey/tabulation.ts';
import { parseImportedWave, type ImportedWave } from '#domain/survey/wave-comparison.ts';

/** Responses of a campaign that count: not those that were put aside or returned. */
export function countedResponses(records: RecordSet, campaign: string): readonly RecordRow<'response'>[] {
  return records.byParent('response', campaign).filter((row) => {
    const { decided } = reviewOf(records, 'response', row.id);
    return decided !== 'not_counted' && decided !== 'returned';
  });
}

/** Answers as tables read them; what cannot be read by this program is left out and told apart by the caller. */
export function tabulated(form: Form, responses: readonly RecordRow<'response'>[]): readonly Tabulated[] {
  return responses.flatMap((row) => {
    const answers = parseAnswers(row.values.answers);
    return answers.ok ? [{ answers: answers.value, organisation: organisationOf(form, answers.value) }] : [];
  });
}

const countable = new Set(['one', 'many', 'number', 'scale', 'rank', 'settlement', 'organisation', 'matrix']);

/** Questions that make a table, in the form's order. */
function countableQuestions(form: Form): readonly Question[] {
  return form.parts.flatMap((part) => part.questions).filter((question) => countable.has(question.type));
}

/** Those of them that somebody has answered: later parts of a long form may have no answers yet. */
export function answeredQuestions(form: Form, answers: readonly Tabulated[]): readonly Question[] {
  return countableQuestions(form).filter(({ id }) => answers.some((one) => one.answers[id] !== undefined));
}

/** Questions that answers can be cut by: nobody is in two cuts. */
export function cuttingQuestions(form: Form): readonly Question[] {
  return countableQuestions(form).filter(({ type }) => type === 'one' || type === 'settlement');
}

/** Waves that are known only as published percents, about the same form. */
export function importedWaves(records: RecordSet, form: Form): readonly ImportedWave[] {
  return [...records.all('campaign').values()].flatMap(({ values }) => {
    if (values.imported === undefined) return [];
    const wave = parseImportedWave(values.imported);
    return wave.ok && wave.value.formId === form.id ? [wave.value] : [];
  });
}
