import { answerAt, codesOf, isCodes, isEmptyAnswer, isFields, otherKey } from './answer-keys.ts';
import type { Answers, AnswerValue } from './answers.ts';
import { evaluate, isTrue } from './evaluate.ts';
import type { Lookup, Value } from './evaluate.ts';
import { parseExpression } from './expression.ts';
import type { Expression } from './expression.ts';
import type { Form, Option, Question } from './form.ts';

/** A form seen through one set of answers: what is asked, what is offered, and which answers stand. */
export type FormView = {
  readonly questions: readonly Question[];
  readonly question: (id: string) => Question | undefined;
  /** Whether the question's condition holds now; a calculated question is relevant without being shown. */
  readonly isRelevant: (question: Question) => boolean;
  readonly optionsOf: (question: Question) => readonly Option[];
  readonly rowsOf: (question: Question) => readonly Option[];
  /** The answer that stands now: of a relevant question, without options no longer offered; or calculated. */
  readonly valueOf: (questionId: string) => AnswerValue | undefined;
  /** The free text that stands now: its «other» option is chosen. */
  readonly otherOf: (question: Question) => string | undefined;
  /** Whether the condition `source` (an expression) holds now. */
  readonly holds: (source: string | undefined) => boolean;
};

/** Looks at the answers through the form. Relevance is worked out once a question, on demand. */
export function viewForm(form: Form, answers: Answers): FormView {
  const questions = form.parts.flatMap((part) => part.questions);
  const byId = new Map(questions.map((question) => [question.id, question]));
  const values = new Map<string, AnswerValue | undefined>();
  const relevant = new Map<string, boolean>();

  const valueOf: Lookup = (id) => {
    if (values.has(id)) return values.get(id);
    // Set before it is known, so that a cycle (which parseForm refuses) reads as empty and not as an endless loop.
    values.set(id, undefined);
    const question = byId.get(id);
    const value = question && isRelevant(question) ? standing(question) : undefined;
    values.set(id, value);
    return value;
  };

  const holds = (source: string | undefined): boolean => {
    const expression = source === undefined ? undefined : expressionOf(source);
    return expression === undefined || isTrue(evaluate(expression, valueOf));
  };

  const isRelevant = (question: Question): boolean => {
    const known = relevant.get(question.id);
    if (known !== undefined) return known;
    relevant.set(question.id, false);
    const result = holds(question.relevant);
    relevant.set(question.id, result);
    return result;
  };

  const chosenIn = (id: string | undefined): readonly Option[] => {
    const source = id === undefined ? undefined : byId.get(id);
    if (source === undefined) return [];
    const chosen = codesOf(valueOf(source.id));
    return optionsOf(source).filter((option) => option.exclusive !== true && chosen.includes(option.code));
  };

  const optionsOf = (question: Question): readonly Option[] => [
    ...chosenIn(question.optionsFrom),
    ...(question.options ?? [])
  ];

  const rowsOf = (question: Question): readonly Option[] => [
    ...chosenIn(question.rowsFrom),
    ...(question.rows ?? [])
  ];

  const standing = (question: Question): AnswerValue | undefined => {
    if (question.calculate !== undefined) return calculated(question.calculate, valueOf);
    const value = answerAt(answers, question.id);
    const offered = offeredPart(question, value, optionsOf, rowsOf);
    return isEmptyAnswer(offered) ? undefined : offered;
  };

  const otherOf = (question: Question): string | undefined => {
    const chosen = codesOf(valueOf(question.id));
    if (!optionsOf(question).some((option) => option.other === true && chosen.includes(option.code)))
      return undefined;
    const text = answerAt(answers, otherKey(question.id));
    return typeof text === 'string' && !isEmptyAnswer(text) ? text : undefined;
  };

  return {
    questions,
    question: (id) => byId.get(id),
    isRelevant,
    optionsOf,
    rowsOf,
    valueOf,
    otherOf,
    holds
  };
}

const parsed = new Map<string, Expression | undefined>();

/**
 * Every expression is parsed once and kept: forms are few and do not change. An expression that cannot be read (the
 * form did not come through parseForm) is no condition at all, which shows a question rather than hiding it.
 */
export function expressionOf(source: string): Expression | undefined {
  if (!parsed.has(source)) {
    const result = parseExpression(source);
    parsed.set(source, result.ok ? result.value : undefined);
  }
  return parsed.get(source);
}

function calculated(source: string, lookup: Lookup): AnswerValue | undefined {
  const expression = expressionOf(source);
  const value: Value = expression === undefined ? null : evaluate(expression, lookup);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value ?? undefined;
}

/** The part of an answer that is offered now: options and rows that depend on another answer may have gone. */
function offeredPart(
  question: Question,
  value: AnswerValue | undefined,
  optionsOf: FormView['optionsOf'],
  rowsOf: FormView['rowsOf']
): AnswerValue | undefined {
  if (question.optionsFrom !== undefined) {
    const offered = optionsOf(question).map((option) => option.code);
    if (isCodes(value)) return value.filter((code) => offered.includes(code));
    return typeof value === 'string' && !offered.includes(value) ? undefined : value;
  }
  if (question.rowsFrom !== undefined && isFields(value)) {
    const offered = rowsOf(question).map((row) => row.code);
    return Object.fromEntries(Object.entries(value).filter(([row]) => offered.includes(row)));
  }
  return value;
}
