import { unreachable } from '#domain/result.ts';
import { codesOf, isCodes, isEmptyAnswer, isFields } from './answer-keys.ts';
import type { Answers, AnswerValue } from './answers.ts';
import type { Form, Option, Question } from './form.ts';
import { viewForm } from './relevance.ts';
import type { FormView } from './relevance.ts';

export type ProblemType =
  | 'required'
  | 'constraint'
  | 'wrong_type'
  | 'unknown_option'
  | 'too_many_choices'
  | 'exclusive_with_others'
  | 'too_long'
  | 'out_of_range'
  | 'not_whole';

/** Why an answer cannot stay as it is. The text of a failed `constraint` is the question's `constraintText`. */
export type Problem = { readonly type: ProblemType; readonly questionId: string };

/** An «other» free text, in characters. */
export const otherMaxLength = 300;

/** Words, the contact's place, and photographs, which are not taken yet. */
const unanswered: ReadonlySet<string> = new Set(['note', 'contact', 'photo']);

/** The problems of the relevant questions of the named parts (of all parts when none are named), in the form's order. */
export function problemsOf(form: Form, answers: Answers, partIds?: readonly string[]): readonly Problem[] {
  const view = viewForm(form, answers);
  return form.parts
    .filter((part) => partIds === undefined || partIds.includes(part.id))
    .flatMap((part) => part.questions)
    .filter((question) => question.calculate === undefined && view.isRelevant(question))
    .flatMap((question): readonly Problem[] => {
      const type = problemOf(question, view);
      return type === null ? [] : [{ type, questionId: question.id }];
    });
}

function problemOf(question: Question, view: FormView): ProblemType | null {
  // What is no answer, or cannot be given yet, keeps nobody from going on.
  if (unanswered.has(question.type)) return null;
  const value = view.valueOf(question.id);
  if (value === undefined || isEmptyAnswer(value)) return question.required === true ? 'required' : null;
  if ((view.otherOf(question) ?? '').length > otherMaxLength) return 'too_long';
  const problem = valueProblem(question, value, view.optionsOf(question), view.rowsOf(question));
  return problem ?? (view.holds(question.constraint) ? null : 'constraint');
}

/** What is wrong with a value in itself: its kind, its options, its bounds. */
export function valueProblem(
  question: Question,
  value: AnswerValue,
  options: readonly Option[],
  rows: readonly Option[]
): ProblemType | null {
  switch (question.type) {
    case 'one':
      if (typeof value !== 'string') return 'wrong_type';
      return isOffered(options, value) ? null : 'unknown_option';
    case 'many':
    case 'rank':
      return isCodes(value) ? choiceProblem(question, value, options) : 'wrong_type';
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'wrong_type';
      return question.whole === true && !Number.isInteger(value) ? 'not_whole' : null;
    case 'scale':
      return scaleProblem(question, value);
    case 'text':
    case 'settlement':
    case 'organisation':
    case 'photo':
      // Codes of a directory and of attachments are checked where these are known.
      if (typeof value !== 'string') return 'wrong_type';
      return value.length > (question.maxLength ?? 1000) ? 'too_long' : null;
    case 'date':
      return typeof value === 'string' && isPlainDate(value) ? null : 'wrong_type';
    case 'matrix':
      return matrixProblem(value, options, rows);
    case 'geopoint':
      return geopointProblem(value);
    case 'repeat':
      return repeatProblem(question, value);
    case 'note':
    case 'contact':
      return 'wrong_type';
    default:
      return unreachable(question.type);
  }
}

function isOffered(options: readonly Option[], code: string): boolean {
  return options.some((option) => option.code === code);
}

function choiceProblem(
  question: Question,
  chosen: readonly string[],
  options: readonly Option[]
): ProblemType | null {
  if (new Set(chosen).size < chosen.length || chosen.some((code) => !isOffered(options, code))) {
    return 'unknown_option';
  }
  if (chosen.length > (question.maxChoices ?? Infinity)) return 'too_many_choices';
  const exclusive = options.some((option) => option.exclusive === true && chosen.includes(option.code));
  return exclusive && chosen.length > 1 ? 'exclusive_with_others' : null;
}

function scaleProblem(question: Question, value: AnswerValue): ProblemType | null {
  // A scale may have options beside its steps: «Не могу оценить».
  if (typeof value === 'string') return isOffered(question.options ?? [], value) ? null : 'unknown_option';
  if (typeof value !== 'number') return 'wrong_type';
  if (!Number.isInteger(value)) return 'not_whole';
  const { min, max } = question.scale ?? { min: -Infinity, max: Infinity };
  return value < min || value > max ? 'out_of_range' : null;
}

function matrixProblem(
  value: AnswerValue,
  columns: readonly Option[],
  rows: readonly Option[]
): ProblemType | null {
  if (!isFields(value)) return 'wrong_type';
  const fits = Object.entries(value).every(
    ([row, column]) => isOffered(rows, row) && codesOf(column).some((code) => isOffered(columns, code))
  );
  return fits ? null : 'unknown_option';
}

function geopointProblem(value: AnswerValue): ProblemType | null {
  if (!isFields(value)) return 'wrong_type';
  const { latitude, longitude } = value;
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return 'wrong_type';
  return Math.abs(latitude) > 90 || Math.abs(longitude) > 180 ? 'out_of_range' : null;
}

function repeatProblem(question: Question, value: AnswerValue): ProblemType | null {
  if (typeof value !== 'object' || !Array.isArray(value)) return 'wrong_type';
  if (value.length > (question.maxChoices ?? Infinity)) return 'too_many_choices';
  const types = new Map((question.fields ?? []).map((field) => [field.code, field.type]));
  const fits = value.every(
    (row: unknown) =>
      typeof row === 'object' &&
      row !== null &&
      Object.entries(row).every(([code, cell]: [string, unknown]) => {
        const type = types.get(code);
        if (type === 'number') return typeof cell === 'number';
        return type !== undefined && typeof cell === 'string' && (type === 'text' || isPlainDate(cell));
      })
  );
  return fits ? null : 'wrong_type';
}

/** `YYYY-MM-DD` of a day that exists. */
function isPlainDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
