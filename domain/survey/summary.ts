import { answerAt, codesOf, isCodes, isFields } from './answer-keys.ts';
import type { Answers, AnswerValue } from './answers.ts';
import type { Form, Localised, Option, Question } from './form.ts';
import { viewForm } from './relevance.ts';
import type { FormView } from './relevance.ts';

/** A text in the language asked for; in the form's first language when it lacks that one. */
export function textIn(text: Localised, language: string): string {
  return text[language] ?? Object.values(text)[0] ?? '';
}

/** Puts values into the `{places}` of a text; a place without a value stays as it is. */
export function fillText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}

export type SummaryLine = {
  readonly questionId: string;
  readonly text: string;
  /** One line a choice or matrix row; none: not answered. */
  readonly answer: readonly string[];
};

/** The name of a settlement or an organisation by its id; `undefined` when it is not in the directory. */
export type NameOf = (type: 'settlement' | 'organisation', id: string) => string | undefined;

/** The questions asked in the named parts with what was answered, in words. */
export function summaryOf(
  form: Form,
  answers: Answers,
  language: string,
  nameOf: NameOf,
  partIds?: readonly string[]
): readonly SummaryLine[] {
  const view = viewForm(form, answers);
  return form.parts
    .filter((part) => partIds === undefined || partIds.includes(part.id))
    .flatMap((part) => part.questions)
    .filter((question) => question.type !== 'note' && question.type !== 'contact')
    .filter((question) => question.calculate === undefined && view.isRelevant(question))
    .map((question) => ({
      questionId: question.id,
      text: textIn(question.text, language),
      answer: answerLines(question, view, language, nameOf)
    }));
}

function answerLines(
  question: Question,
  view: FormView,
  language: string,
  nameOf: NameOf
): readonly string[] {
  const value = view.valueOf(question.id);
  if (value === undefined) return [];
  const options = view.optionsOf(question);
  if (isFields(value) && question.type === 'matrix') {
    return view.rowsOf(question).flatMap((row) => {
      const column = answerAt(value, row.code);
      if (column === undefined) return [];
      const chosen = codesOf(column).map((code) => optionText(code, options, undefined, language));
      return [`${textIn(row.text, language)}: ${chosen.join(', ')}`];
    });
  }
  if (isFields(value)) return [Object.values(value).join(', ')];
  if (typeof value === 'object' && !isCodes(value)) return repeatLines(value);
  if (typeof value === 'number') return [scaleLine(question, value)];
  const named = question.type === 'settlement' || question.type === 'organisation' ? question.type : null;
  return codesOf(value).map((code) => {
    const name = named === null ? undefined : nameOf(named, code);
    return name ?? optionText(code, options, view.otherOf(question), language);
  });
}

function repeatLines(rows: Extract<AnswerValue, readonly unknown[]>): readonly string[] {
  return rows.map((row) => (typeof row === 'string' ? row : Object.values(row).join(', ')));
}

function scaleLine(question: Question, value: number): string {
  return question.scale ? `${value} / ${question.scale.max}` : String(value);
}

function optionText(
  code: string,
  options: readonly Option[],
  other: string | undefined,
  language: string
): string {
  const option = options.find((candidate) => candidate.code === code);
  if (option === undefined) return code;
  const text = textIn(option.text, language);
  return option.other === true && other !== undefined ? `${text}: ${other}` : text;
}
