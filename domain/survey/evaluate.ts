import { unreachable } from '#domain/result.ts';
import { codesOf, isEmptyAnswer } from './answer-keys.ts';
import type { AnswerValue } from './answers.ts';
import type { Comparison, Expression } from './expression.ts';

/** What an expression comes to; `null` is «empty»: not answered, not asked, or nothing to compare. */
export type Value = boolean | AnswerValue | null;

/** The answer of a question as the form sees it now: `undefined` when it is not answered or not relevant. */
export type Lookup = (questionId: string) => AnswerValue | undefined;

/**
 * The value of an expression; never throws.
 *
 * Empty answers: `=` holds between two empties and between nothing else and an empty one; `!=` is its negation;
 * `<`, `<=`, `>`, `>=` with an empty side are false; `selected` and `answered` are false, `count` is 0.
 * A number and a text are never equal and never ordered; texts are ordered by code unit, which orders plain dates.
 * As a condition, empty, 0 and false are false.
 */
export function evaluate(expression: Expression, lookup: Lookup): Value {
  switch (expression.type) {
    case 'number':
      return expression.value;
    case 'text':
      return emptyToNull(expression.value);
    case 'question':
      return emptyToNull(lookup(expression.id));
    case 'not':
      return !isTrue(evaluate(expression.operand, lookup));
    case 'and':
      return isTrue(evaluate(expression.left, lookup)) && isTrue(evaluate(expression.right, lookup));
    case 'or':
      return isTrue(evaluate(expression.left, lookup)) || isTrue(evaluate(expression.right, lookup));
    case 'compare':
      return compare(
        expression.operator,
        evaluate(expression.left, lookup),
        evaluate(expression.right, lookup)
      );
    case 'selected':
      return codesOf(lookup(expression.id)).includes(expression.code);
    case 'count':
      return countOf(lookup(expression.id));
    case 'answered':
      return !isEmptyAnswer(lookup(expression.id));
    case 'if':
      return isTrue(evaluate(expression.condition, lookup))
        ? evaluate(expression.then, lookup)
        : evaluate(expression.otherwise, lookup);
    default:
      return unreachable(expression);
  }
}

/** Whether a value holds as a condition. */
export function isTrue(value: Value): boolean {
  return typeof value === 'boolean' ? value : value !== 0 && !isEmptyAnswer(value);
}

function emptyToNull(value: AnswerValue | undefined): AnswerValue | null {
  return value === undefined || isEmptyAnswer(value) ? null : value;
}

function countOf(value: AnswerValue | undefined): number {
  if (value === undefined || isEmptyAnswer(value)) return 0;
  return typeof value === 'object' ? Object.keys(value).length : 1;
}

function compare(operator: Comparison, left: Value, right: Value): boolean {
  switch (operator) {
    case '=':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case '<':
      return isLess(left, right);
    case '<=':
      return isLess(left, right) || (isOrdered(left, right) && isEqual(left, right));
    case '>':
      return isLess(right, left);
    case '>=':
      return isLess(right, left) || (isOrdered(left, right) && isEqual(left, right));
    default:
      return unreachable(operator);
  }
}

function isEqual(left: Value, right: Value): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right;
  return JSON.stringify(left) === JSON.stringify(right);
}

function isOrdered(left: Value, right: Value): boolean {
  return (typeof left === 'number' || typeof left === 'string') && typeof left === typeof right;
}

function isLess(left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  return typeof left === 'string' && typeof right === 'string' && left < right;
}
