import { fail, ok } from '#domain/result.ts';
import type { Result } from '#domain/result.ts';
import { answerAt, isCodes, isEmptyAnswer, isFields, otherKey } from './answer-keys.ts';
import type { Answers, AnswerValue, Draft } from './answers.ts';
import { questionsIn } from './expression.ts';
import type { Form, Option, Question } from './form.ts';
import { otherMaxLength, problemsOf, valueProblem } from './problems.ts';
import type { Problem, ProblemType } from './problems.ts';
import { expressionOf, viewForm } from './relevance.ts';

/** One questionnaire being filled in. All answers are kept, those of questions now hidden too. */
export type SurveyState = {
  readonly form: Form;
  readonly part: string;
  readonly answers: Answers;
  /** The question on the screen; `null` is the summary before sending. */
  readonly current: string | null;
};

/** What else an answer did, to be told to the person; `previous` given back to `answer` undoes it. */
export type Notice =
  | { readonly type: 'others_cleared'; readonly option: string; readonly previous: AnswerValue }
  | { readonly type: 'exclusive_cleared'; readonly option: string; readonly previous: AnswerValue }
  | { readonly type: 'not_taken'; readonly problem: ProblemType | 'unknown_question' };

export type Answered = { readonly state: SurveyState; readonly notice: Notice | null };

/** Begins a part of a form, with its defaults; answers given before (an earlier part's) go on counting. */
export function startSurvey(form: Form, part: string, earlier: Answers = {}): SurveyState {
  const defaults = partQuestions(form, part).flatMap((question): [string, AnswerValue][] =>
    question.default === undefined ? [] : [[question.id, question.default]]
  );
  const answers = { ...Object.fromEntries(defaults), ...earlier };
  const state = { form, part, answers, current: null };
  return { ...state, current: visibleQuestions(state)[0]?.id ?? null };
}

/** Goes on with a draft. Answers mean nothing under another version of the form, so only its own will do. */
export function resumeSurvey(
  form: Form,
  draft: Draft
): Result<
  SurveyState,
  { readonly type: 'other_form_version'; readonly id: string; readonly version: number }
> {
  if (draft.formId !== form.id || draft.formVersion !== form.version) {
    return fail({ type: 'other_form_version', id: draft.formId, version: draft.formVersion });
  }
  const { part, current, answers } = draft;
  return ok({ form, part, answers, current });
}

/** What to store at every answer, so that the questionnaire survives the tab. */
export function draftOf(state: SurveyState): Draft {
  const { form, part, current, answers } = state;
  return { formId: form.id, formVersion: form.version, part, current, answers };
}

/**
 * Gives (or with `null` takes back) an answer. A newly ticked exclusive option clears the others and the other way
 * round, with a notice. A value that the question does not take, a choice over `maxChoices` for one, leaves the state
 * as it is. What is not offered just now stays in the draft. A free text may be over-long: `problems` tells.
 */
export function answer(state: SurveyState, questionId: string, value: AnswerValue | null): Answered {
  const view = viewForm(state.form, state.answers);
  const question = view.question(questionId);
  if (question === undefined || question.calculate !== undefined) return notTaken(state, 'unknown_question');
  const previous = answerAt(state.answers, questionId);
  if (value === null || isEmptyAnswer(value)) {
    return { state: withAnswer(state, questionId, keepHidden(question, null, previous, view)), notice: null };
  }
  const options = view.optionsOf(question);
  const { value: settled, notice } = isCodes(value)
    ? settleExclusive(question, value, previous, options)
    : { value, notice: null };
  const problem = valueProblem(question, settled, options, view.rowsOf(question));
  // Half-typed numbers and long texts are kept: the person is not done yet.
  if (
    problem !== null &&
    problem !== 'too_long' &&
    !(question.type === 'number' && problem === 'not_whole')
  ) {
    return notTaken(state, problem);
  }
  return { state: withAnswer(state, questionId, keepHidden(question, settled, previous, view)), notice };
}

/** Sets the free text of a question's «other» option, cut at `otherMaxLength`; empty takes it back. */
export function answerOther(state: SurveyState, questionId: string, text: string): SurveyState {
  return withAnswer(state, otherKey(questionId), isEmptyAnswer(text) ? null : text.slice(0, otherMaxLength));
}

function notTaken(state: SurveyState, problem: ProblemType | 'unknown_question'): Answered {
  return { state, notice: { type: 'not_taken', problem } };
}

function withAnswer(state: SurveyState, key: string, value: AnswerValue | null): SurveyState {
  if (value !== null) return { ...state, answers: { ...state.answers, [key]: value } };
  const rest = Object.entries(state.answers).filter(([other]) => other !== key);
  return { ...state, answers: Object.fromEntries(rest) };
}

function settleExclusive(
  question: Question,
  chosen: readonly string[],
  previous: AnswerValue | undefined,
  options: readonly Option[]
): { readonly value: readonly string[]; readonly notice: Notice | null } {
  const before = isCodes(previous)
    ? previous.filter((code) => options.some((option) => option.code === code))
    : [];
  const exclusive = options.filter((option) => option.exclusive === true).map((option) => option.code);
  const added = chosen.filter((code) => !before.includes(code));
  const winner = added.find((code) => exclusive.includes(code));
  if (winner !== undefined) {
    const cleared = before.length > 0 || chosen.length > 1;
    const notice: Notice = { type: 'others_cleared', option: winner, previous: before };
    return { value: [winner], notice: cleared ? notice : null };
  }
  const loser = chosen.find((code) => exclusive.includes(code));
  if (loser !== undefined && added.length > 0) {
    const value = inOrder(
      question,
      chosen.filter((code) => !exclusive.includes(code)),
      options
    );
    return { value, notice: { type: 'exclusive_cleared', option: loser, previous: before } };
  }
  return { value: inOrder(question, chosen, options), notice: null };
}

/** Choices stand in the form's order, whatever the order of the taps; in a ranking the order is the answer. */
function inOrder(
  question: Question,
  chosen: readonly string[],
  options: readonly Option[]
): readonly string[] {
  if (question.type === 'rank') return chosen;
  const position = (code: string) => options.findIndex((option) => option.code === code);
  return [...chosen].sort((left, right) => position(left) - position(right));
}

/** Adds to a new answer what was chosen before and is not on offer now: it comes back when it is offered again. */
function keepHidden(
  question: Question,
  value: AnswerValue | null,
  previous: AnswerValue | undefined,
  view: ReturnType<typeof viewForm>
): AnswerValue | null {
  if (question.optionsFrom !== undefined && isCodes(previous) && (value === null || isCodes(value))) {
    const offered = view.optionsOf(question).map((option) => option.code);
    const kept = [...(value ?? []), ...previous.filter((code) => !offered.includes(code))];
    return kept.length > 0 ? kept : null;
  }
  if (question.rowsFrom !== undefined && isFields(previous) && (value === null || isFields(value))) {
    const offered = view.rowsOf(question).map((row) => row.code);
    const hidden = Object.entries(previous).filter(([row]) => !offered.includes(row));
    const kept = { ...value, ...Object.fromEntries(hidden) };
    return isEmptyAnswer(kept) ? null : kept;
  }
  return value;
}

function partQuestions(form: Form, part: string): readonly Question[] {
  return form.parts.find((candidate) => candidate.id === part)?.questions ?? [];
}

/** The screens of the part being filled in, in order: relevant questions, notes and the contact's place. */
export function visibleQuestions(state: SurveyState): readonly Question[] {
  const view = viewForm(state.form, state.answers);
  return partQuestions(state.form, state.part).filter(
    (question) => question.calculate === undefined && view.isRelevant(question)
  );
}

/** The options on offer now. */
export function optionsOf(state: SurveyState, question: Question): readonly Option[] {
  return viewForm(state.form, state.answers).optionsOf(question);
}

/** The rows of a matrix on offer now. */
export function rowsOf(state: SurveyState, question: Question): readonly Option[] {
  return viewForm(state.form, state.answers).rowsOf(question);
}

/** The answer to show in a question's field: without what is no longer offered; `undefined` when there is none. */
export function answerOf(state: SurveyState, questionId: string): AnswerValue | undefined {
  return viewForm(state.form, state.answers).valueOf(questionId);
}

/** The question after the current one; `null` after the last: the summary. */
export function nextQuestion(state: SurveyState): Question | null {
  if (state.current === null) return null;
  const here = positionOf(state, state.current);
  return visibleQuestions(state).find((question) => positionOf(state, question.id) > here) ?? null;
}

/** The question before the current one (from the summary: the last); `null` at the first. */
export function previousQuestion(state: SurveyState): Question | null {
  const here = state.current === null ? Infinity : positionOf(state, state.current);
  const before = visibleQuestions(state).filter((question) => positionOf(state, question.id) < here);
  return before[before.length - 1] ?? null;
}

/** Shows a question of this part, or with `null` the summary. A question that is not shown now changes nothing. */
export function goTo(state: SurveyState, questionId: string | null): SurveyState {
  const known = questionId === null || visibleQuestions(state).some((question) => question.id === questionId);
  return known ? { ...state, current: questionId } : state;
}

/** The same wherever in the form the question stands: corrections go over parts. */
export function goToAnyPart(state: SurveyState, questionId: string | null): SurveyState {
  const part = state.form.parts.find(({ questions }) => questions.some(({ id }) => id === questionId));
  return goTo({ ...state, part: part?.id ?? state.part }, questionId);
}

function positionOf(state: SurveyState, id: string): number {
  return partQuestions(state.form, state.part).findIndex((question) => question.id === id);
}

/**
 * «Вопрос {number}, осталось примерно {left}»: the number counts from 1 within the part, notes left out. A question
 * whose condition waits for an answer still to come counts half, rounded up together.
 */
export function progress(state: SurveyState): { readonly number: number; readonly left: number } {
  const questions = partQuestions(state.form, state.part);
  const here = state.current === null ? questions.length : positionOf(state, state.current);
  const shown = new Set(visibleQuestions(state).map((question) => question.id));
  const open = new Set<string>();
  let number = 0;
  let left = 0;
  questions.forEach((question, index) => {
    if (question.type === 'note' || question.calculate !== undefined) return;
    if (index <= here) {
      if (shown.has(question.id)) number += 1;
      if (index === here && answerAt(state.answers, question.id) === undefined) open.add(question.id);
      return;
    }
    const waits = dependenciesOf(question).some((id) => open.has(id));
    if (waits) left += 0.5;
    else if (shown.has(question.id)) left += 1;
    if (waits || (shown.has(question.id) && answerAt(state.answers, question.id) === undefined)) {
      open.add(question.id);
    }
  });
  return { number, left: Math.ceil(left) };
}

function dependenciesOf(question: Question): readonly string[] {
  const expression = question.relevant === undefined ? undefined : expressionOf(question.relevant);
  return expression === undefined ? [] : questionsIn(expression);
}

/** What stands in the way of sending this part. */
export function problems(state: SurveyState): readonly Problem[] {
  return problemsOf(state.form, state.answers, [state.part]);
}

/** The answers to store and send: of relevant questions only, options on offer only, with the calculated ones. */
export function responseOf(form: Form, answers: Answers): Answers {
  const view = viewForm(form, answers);
  const response: Record<string, AnswerValue> = {};
  for (const question of view.questions) {
    const value = view.valueOf(question.id);
    if (value === undefined || question.type === 'note' || question.type === 'contact') continue;
    response[question.id] = value;
    const other = view.otherOf(question);
    if (other !== undefined) response[otherKey(question.id)] = other;
  }
  return response;
}
