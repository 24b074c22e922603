import type { RecordRow } from '#domain/records/registry.ts';
import { parseAnswers } from '#domain/survey/answers.ts';
import type { Form, Question } from '#domain/survey/form.ts';
import { summaryOf, type NameOf } from '#domain/survey/summary.ts';

/** One questionnaire with its answers in words, by question. */
export interface AnswerLine {
  readonly code: string;
  /** UTC ms. */
  readonly finishedAt: number | undefined;
  readonly answers: ReadonlyMap<string, string>;
}

/** Questions that have an answer in words, in the form's order. */
export function answerQuestions(form: Form): readonly Question[] {
  return form.parts
    .flatMap((part) => part.questions)
    .filter(({ type, calculate }) => !['note', 'contact', 'photo'].includes(type) && calculate === undefined);
}

/** A line for each questionnaire whose answers this program can read. */
export function answerLines(
  form: Form,
  responses: readonly RecordRow<'response'>[],
  language: string,
  nameOf: NameOf
): readonly AnswerLine[] {
  return responses.flatMap(({ values }) => {
    const answers = parseAnswers(values.answers ?? {});
    if (!answers.ok) return [];
    const lines = summaryOf(form, answers.value, language, nameOf);
    return [
      {
        code: values.code ?? '',
        finishedAt: values.finishedAt,
        answers: new Map(lines.map((line) => [line.questionId, line.answer.join('; ')]))
      }
    ];
  });
}
