import { formatDate, formatNumber, type Language } from '#domain/names/format.ts';
import { answerAt, codesOf, isCodes, isFields } from './answer-keys.ts';
import type { AnswerFields, Answers } from './answers.ts';
import type { Form, Localised, Option, Question } from './form.ts';
import { viewForm } from './relevance.ts';
import type { FormView } from './relevance.ts';

/** A text in the language asked for; in the form's first language when it lacks that one. */
export function textIn(text: Localised, language: string): string {
  return text[language] ?? Object.values(text)[0] ?? '';
}

/**
 * Puts values into the `{places}` of a text; an unknown place stays as it is. One whose value is empty leaves its list
 * («{name}, {phone}»), and a sentence that has nothing else to tell is left out.
 */
function fillText(text: string, values: Readonly<Record<string, string>>): string {
  const isEmpty = (place: string): boolean => values[place.slice(1, -1)] === '';
  return text
    .replace(/[^.!?]+[.!?]*\s*/g, (sentence) => {
      const places = sentence.match(/\{\w+\}/g) ?? [];
      return places.length > 0 && places.every(isEmpty) ? '' : sentence;
    })
    .replace(/\{\w+\}(, \{\w+\})*/g, (list) => {
      const told = list.split(', ').filter((place) => !isEmpty(place));
      return told.map((place) => values[place.slice(1, -1)] ?? place).join(', ');
    })
    .trim();
}

/** The paragraphs before the first question, with who asks and whom to call. */
export function introOf(
  form: Form,
  language: string,
  values: Readonly<Record<string, string>>
): readonly string[] {
  return form.intro
    .map((paragraph) => fillText(textIn(paragraph, language), values))
    .filter((paragraph) => paragraph !== '');
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
    .filter(({ type }) => type !== 'note' && type !== 'contact' && type !== 'photo')
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
  if (isFields(value)) return [pointText(value, language)];
  if (typeof value === 'object' && !isCodes(value)) return groupLines(question, value, language);
  if (typeof value === 'number') return [numberText(question, value, language)];
  if (question.type === 'date') return codesOf(value).map((day) => formatDate(day, formatsOf(language)));
  const named = question.type === 'settlement' || question.type === 'organisation' ? question.type : null;
  return codesOf(value).map((code, place) => {
    const name = named === null ? undefined : nameOf(named, code);
    const text = name ?? optionText(code, options, view.otherOf(question), language);
    return question.type === 'rank' ? `${place + 1}. ${text}` : text;
  });
}

/** Degrees north and east to about a metre, and how sure the device was. */
export function pointText({ latitude, longitude, accuracy }: AnswerFields, language: string): string {
  const degrees = [latitude, longitude].map((value) => formatNumber(Number(value), 5, formatsOf(language)));
  const metres = language === 'ru' ? 'м' : 'm';
  return degrees.join('; ') + (typeof accuracy === 'number' ? ` (± ${Math.round(accuracy)} ${metres})` : '');
}

function groupLines(question: Question, groups: readonly unknown[], language: string): readonly string[] {
  return groups.map((group) =>
    (question.fields ?? [])
      .flatMap(({ code, type, text }) => {
        const value = isGroup(group) ? answerAt(group, code) : undefined;
        if (typeof value !== 'string' && typeof value !== 'number') return [];
        const shown =
          type === 'date'
            ? formatDate(String(value), formatsOf(language))
            : typeof value === 'number'
              ? formatNumber(value, 6, formatsOf(language))
              : value;
        return [`${textIn(text, language)}: ${shown}`];
      })
      .join('; ')
  );
}

function isGroup(group: unknown): group is AnswerFields {
  return typeof group === 'object' && group !== null;
}

function numberText(question: Question, value: number, language: string): string {
  return question.scale ? `${value} / ${question.scale.max}` : formatNumber(value, 6, formatsOf(language));
}

/** Dates and numbers of a form in another language are written as in the first of ours. */
function formatsOf(language: string): Language {
  return language === 'en' ? 'en' : 'ru';
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
