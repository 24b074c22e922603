import { unreachable } from '#domain/result.ts';
import type { Expression } from './expression.ts';

/** Writes an expression as text that `parseExpression` reads back to the same tree, with no needless brackets. */
export function printExpression(expression: Expression): string {
  switch (expression.type) {
    case 'number':
      return String(expression.value);
    case 'text':
      return quoted(expression.value);
    case 'question':
      return `$${expression.id}`;
    case 'not':
      return `not ${bracketed(expression.operand, 3)}`;
    case 'and':
      return `${bracketed(expression.left, 2)} and ${bracketed(expression.right, 3)}`;
    case 'or':
      return `${bracketed(expression.left, 1)} or ${bracketed(expression.right, 2)}`;
    case 'compare':
      return `${bracketed(expression.left, 5)} ${expression.operator} ${bracketed(expression.right, 5)}`;
    case 'selected':
      return `selected($${expression.id}, ${quoted(expression.code)})`;
    case 'count':
    case 'answered':
      return `${expression.type}($${expression.id})`;
    case 'if': {
      const parts = [expression.condition, expression.then, expression.otherwise];
      return `if(${parts.map(printExpression).join(', ')})`;
    }
    default:
      return unreachable(expression);
  }
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, "''")}'`;
}

function bracketed(expression: Expression, least: number): string {
  const text = printExpression(expression);
  return binding(expression) < least ? `(${text})` : text;
}

function binding(expression: Expression): number {
  switch (expression.type) {
    case 'or':
      return 1;
    case 'and':
      return 2;
    case 'not':
      return 3;
    case 'compare':
      return 4;
    case 'number':
    case 'text':
    case 'question':
    case 'selected':
    case 'count':
    case 'answered':
    case 'if':
      return 5;
    default:
      return unreachable(expression);
  }
}
