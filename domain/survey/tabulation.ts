import { fail, ok } from '#domain/result.ts';
import type { Result } from '#domain/result.ts';
import { answerAt, codesOf, isFields } from './answer-keys.ts';
import type { Answers, AnswerValue } from './answers.ts';
import type { Form, Localised, Question } from './form.ts';
import { viewForm } from './relevance.ts';

/** One accepted response; `organisation` is the id of the respondent's organisation, `null` when it is not named. */
export type Tabulated = { readonly answers: Answers; readonly organisation: string | null };

/** `percent` is of the base that stands beside it, 0 to 100, not rounded; `null` when the base is 0. */
export type Share = { readonly count: number; readonly percent: number | null };

export type TableRow = {
  readonly code: string;
  /** `null`: a code of a directory, or a number. */
  readonly text: Localised | null;
  readonly people: Share;
  /** An organisation counts when at least one of its respondents chose this. */
  readonly organisations: Share;
};

export type QuestionTable = {
  readonly questionId: string;
  /** Those who were asked and answered. Percents of a multiple choice are of people and do not add up to 100. */
  readonly base: { readonly people: number; readonly organisations: number };
  readonly rows: readonly TableRow[];
  /** Of numbers and scales; options beside the scale are left out. */
  readonly mean: number | null;
};

export type Cut = {
  /** The answer that makes the cut; `null`: those who did not answer the cutting question. */
  readonly code: string | null;
  readonly text: Localised | null;
} & (
  | { readonly hidden: null; readonly table: QuestionTable }
  // «Меньше 5 ответов», or hidden so that such a one cannot be worked out from the total. No number is given.
  | { readonly hidden: 'too_few' | 'complementary'; readonly table: null }
);

export type CutTable = { readonly total: QuestionTable; readonly cuts: readonly Cut[] };

export type TabulationFailure =
  | { readonly type: 'unknown_question'; readonly questionId: string }
  | { readonly type: 'not_a_cut'; readonly questionId: string };

/** Fewer answers than this could name a respondent. */
export const leastInCut = 5;

/**
 * Counts and percents of one question by people and by organisations. Numbers stand by value, options in the form's
 * order, codes of a directory before them (whoever knows their names sorts them). Texts give only their base. A matrix
 * is counted a row at a time: name it in `matrixRow`.
 */
export function tabulate(
  form: Form,
  responses: readonly Tabulated[],
  questionId: string,
  matrixRow?: string
): Result<QuestionTable, TabulationFailure> {
  const question = questionIn(form, questionId);
  if (question === undefined) return fail({ type: 'unknown_question', questionId });
  return ok(tableOf(form, question, answered(form, responses, question, matrixRow)));
}

/**
 * The same by the answers to another question (a single choice or a settlement, so that nobody is in two cuts). Cuts
 * with fewer than `leastInCut` people are hidden, and the next smallest with them while the hidden ones could still
 * be worked out as the rest of the total: while it is only one, or together they are fewer than `leastInCut` people.
 */
export function tabulateByCut(
  form: Form,
  responses: readonly Tabulated[],
  questionId: string,
  cutId: string,
  matrixRow?: string
): Result<CutTable, TabulationFailure> {
  const question = questionIn(form, questionId);
  if (question === undefined) return fail({ type: 'unknown_question', questionId });
  const cutting = questionIn(form, cutId);
  if (cutting === undefined) return fail({ type: 'unknown_question', questionId: cutId });
  if (cutting.type !== 'one' && cutting.type !== 'settlement')
    return fail({ type: 'not_a_cut', questionId: cutId });

  const all = answered(form, responses, question, matrixRow);
  const groups = new Map<string | null, CountedResponse[]>();
  for (const response of all) {
    const code = cutCode(viewForm(form, response.answers).valueOf(cutId));
    const group = groups.get(code);
    if (group === undefined) groups.set(code, [response]);
    else group.push(response);
  }
  const hidden = hiddenGroups(groups);
  const cuts = inOrder(cutting, [...groups.keys()]).map((code): Cut => {
    const named = { code, text: optionText(form, cutting, code) };
    const reason = hidden.get(code);
    if (reason !== undefined) return { ...named, hidden: reason, table: null };
    return { ...named, hidden: null, table: tableOf(form, question, groups.get(code) ?? []) };
  });
  return ok({ total: tableOf(form, question, all), cuts });
}

/**
 * The organisation that a response names: an id of the register, or `typed:` and the name as typed, without quotes,
 * case and spaces, so that two people of one organisation outside the register count as one. `null`: not named.
 */
export function organisationOf(form: Form, answers: Answers): string | null {
  const view = viewForm(form, answers);
  const question = view.questions.find((candidate) => candidate.type === 'organisation');
  const value = question && view.valueOf(question.id);
  if (question === undefined || typeof value !== 'string') return null;
  if (!(question.options ?? []).some((option) => option.code === value)) return value;
  const typed = (view.otherOf(question) ?? '')
    .toLowerCase()
    .replace(/ё/g, 'е')
    .replace(/[\s"«»„“”]/g, '');
  return typed === '' ? null : `typed:${typed}`;
}

/** The rows by which a matrix can be tabulated. */
export function matrixRows(
  form: Form,
  questionId: string
): readonly { readonly code: string; readonly text: Localised }[] {
  const question = questionIn(form, questionId);
  const source = question?.rowsFrom === undefined ? undefined : questionIn(form, question.rowsFrom);
  const chosen = (source?.options ?? []).filter((option) => option.exclusive !== true);
  return [...chosen, ...(question?.rows ?? [])].map(({ code, text }) => ({ code, text }));
}

type CountedResponse = Tabulated & { readonly codes: readonly string[] };

function questionIn(form: Form, id: string): Question | undefined {
  return form.parts.flatMap((part) => part.questions).find((question) => question.id === id);
}

function answered(
  form: Form,
  responses: readonly Tabulated[],
  question: Question,
  matrixRow: string | undefined
): readonly CountedResponse[] {
  return responses.flatMap((response) => {
    const value = viewForm(form, response.answers).valueOf(question.id);
    if (value === undefined) return [];
    const cell = question.type === 'matrix' ? matrixCell(value, matrixRow) : value;
    return cell === undefined ? [] : [{ ...response, codes: countedCodes(question, cell) }];
  });
}

function matrixCell(value: AnswerValue, row: string | undefined): AnswerValue | undefined {
  return row !== undefined && isFields(value) ? answerAt(value, row) : undefined;
}

function countedCodes(question: Question, value: AnswerValue): readonly string[] {
  if (typeof value === 'number') return [String(value)];
  const words = question.type === 'text' || question.type === 'photo';
  return words ? [] : [...new Set(codesOf(value))];
}

function tableOf(form: Form, question: Question, responses: readonly CountedResponse[]): QuestionTable {
  const organisations = organisationsOf(responses);
  const given = responses.flatMap((response) => response.codes);
  const rows = inOrder(question, [...new Set([...offeredCodes(form, question), ...given])]).map((code) => {
    const chosen = responses.filter((response) => response.codes.includes(code));
    return {
      code,
      text: optionText(form, question, code),
      people: share(chosen.length, responses.length),
      organisations: share(organisationsOf(chosen).size, organisations.size)
    };
  });
  return {
    questionId: question.id,
    base: { people: responses.length, organisations: organisations.size },
    rows,
    mean: question.type === 'number' || question.type === 'scale' ? meanOf(given) : null
  };
}

function organisationsOf(responses: readonly Tabulated[]): ReadonlySet<string> {
  return new Set(responses.flatMap(({ organisation }) => (organisation === null ? [] : [organisation])));
}

function share(count: number, base: number): Share {
  return { count, percent: base === 0 ? null : (100 * count) / base };
}

function meanOf(codes: readonly string[]): number | null {
  const numbers = codes.map(Number).filter((value) => !Number.isNaN(value));
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

/** Every code that could be chosen, so that a choice of nobody stands as 0. */
function offeredCodes(form: Form, question: Question): readonly string[] {
  const { scale } = question;
  const steps = scale
    ? Array.from({ length: scale.max - scale.min + 1 }, (_, step) => String(scale.min + step))
    : [];
  const directory = question.type === 'settlement' || question.type === 'organisation';
  return directory ? [] : [...steps, ...optionsIn(form, question).map((option) => option.code)];
}

function optionsIn(
  form: Form,
  question: Question
): readonly { readonly code: string; readonly text: Localised }[] {
  const source = question.optionsFrom === undefined ? undefined : questionIn(form, question.optionsFrom);
  const chosen = (source?.options ?? []).filter((option) => option.exclusive !== true);
  return [...chosen, ...(question.options ?? [])];
}

function optionText(form: Form, question: Question, code: string | null): Localised | null {
  return optionsIn(form, question).find((option) => option.code === code)?.text ?? null;
}

/** Numbers by value, then codes of a directory, then codes as offered; `null` last. */
function inOrder<Code extends string | null>(question: Question, codes: readonly Code[]): readonly Code[] {
  const offered = (question.options ?? []).map((option) => option.code);
  const rank = (code: Code): number => {
    if (code === null) return 3;
    if (!Number.isNaN(Number(code))) return 0;
    return question.type === 'settlement' && !offered.includes(code) ? 1 : 2;
  };
  const position = (code: Code): number => {
    if (code === null) return 0;
    return Number.isNaN(Number(code)) ? offered.indexOf(code) : Number(code);
  };
  return [...codes].sort((left, right) => rank(left) - rank(right) || position(left) - position(right));
}

function cutCode(value: AnswerValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function hiddenGroups(
  groups: ReadonlyMap<string | null, readonly CountedResponse[]>
): ReadonlyMap<string | null, 'too_few' | 'complementary'> {
  const bySize = [...groups].sort(([, left], [, right]) => left.length - right.length);
  const hidden = new Map<string | null, 'too_few' | 'complementary'>();
  let people = 0;
  for (const [code, group] of bySize) {
    const tooFew = group.length < leastInCut;
    if (!tooFew && (hidden.size === 0 || (hidden.size > 1 && people >= leastInCut))) break;
    hidden.set(code, tooFew ? 'too_few' : 'complementary');
    people += group.length;
  }
  return hidden;
}
