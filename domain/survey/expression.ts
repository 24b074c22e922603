import { fail, ok, unreachable } from '#domain/result.ts';
import type { Result } from '#domain/result.ts';

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** The condition language of a form, as a tree. `parseExpression` makes it, `evaluate` and `printExpression` read it. */
export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'question'; readonly id: string }
  | { readonly type: 'not'; readonly operand: Expression }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: 'compare';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: 'selected'; readonly id: string; readonly code: string }
  | { readonly type: 'count' | 'answered'; readonly id: string }
  | {
      readonly type: 'if';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

/** What stands at `position` (0-based, characters) is not what the language allows there. */
export type SyntaxFailure = { readonly type: 'syntax'; readonly position: number; readonly expected: string };

/** Bounds the depth of the tree, so that no text from outside can exhaust the stack. */
const longestExpression = 1000;

const token =
  /\s*(?:(\$[a-z][a-z0-9_]*)|(-?\d{1,15}(?:\.\d{1,6})?)|'((?:[^']|'')*)'|([a-z]+)|(<=|>=|!=|[=<>(),]))/y;

type Token = {
  readonly kind: 'question' | 'number' | 'text' | 'word' | 'sign';
  readonly text: string;
  readonly at: number;
};

/**
 * Reads an expression: `and or not`, `= != < <= > >=`, numbers, 'strings' (a quote inside is doubled), `$question`,
 * `selected($q, 'code')`, `count($q)`, `answered($q)`, `if(condition, then, otherwise)`, brackets.
 * `not` binds tighter than `and`, `and` tighter than `or`; comparisons do not chain.
 */
export function parseExpression(source: string): Result<Expression, SyntaxFailure> {
  if (source.length > longestExpression) {
    return fail({
      type: 'syntax',
      position: longestExpression,
      expected: 'the end: the expression is too long'
    });
  }
  const tokens = tokensOf(source);
  if (!tokens.ok) return tokens;
  return new Reader(tokens.value, source.length).whole();
}

/** The questions that an expression looks at, each once. */
export function questionsIn(expression: Expression): readonly string[] {
  switch (expression.type) {
    case 'number':
    case 'text':
      return [];
    case 'question':
    case 'selected':
    case 'count':
    case 'answered':
      return [expression.id];
    case 'not':
      return questionsIn(expression.operand);
    case 'and':
    case 'or':
    case 'compare':
      return once([expression.left, expression.right]);
    case 'if':
      return once([expression.condition, expression.then, expression.otherwise]);
    default:
      return unreachable(expression);
  }
}

function once(expressions: readonly Expression[]): readonly string[] {
  return [...new Set(expressions.flatMap(questionsIn))];
}

function tokensOf(source: string): Result<readonly Token[], SyntaxFailure> {
  const tokens: Token[] = [];
  const end = source.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const start = token.lastIndex;
    const match = token.exec(source);
    if (match === null) {
      return fail({ type: 'syntax', position: start, expected: 'a question, number, text, word or sign' });
    }
    const [, question, number, text, word, sign] = match;
    const at = start + match[0].length - match[0].trimStart().length;
    if (question !== undefined) tokens.push({ kind: 'question', text: question.slice(1), at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (text !== undefined) tokens.push({ kind: 'text', text: text.replace(/''/g, "'"), at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else tokens.push({ kind: 'sign', text: sign ?? '', at });
  }
  return ok(tokens);
}

type Parsed = Result<Expression, SyntaxFailure>;

/** Recursive descent over the tokens; every method leaves `index` after what it has read. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #index = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  whole(): Parsed {
    const expression = this.#or();
    if (expression.ok && this.#index < this.#tokens.length) return this.#unexpected('the end');
    return expression;
  }

  #or(): Parsed {
    return this.#chain('or', () => this.#chain('and', () => this.#not()));
  }

  #chain(type: 'and' | 'or', operand: () => Parsed): Parsed {
    let left = operand();
    while (left.ok && this.#take('word', type)) {
      const right = operand();
      if (!right.ok) return right;
      left = ok({ type, left: left.value, right: right.value });
    }
    return left;
  }

  #not(): Parsed {
    if (!this.#take('word', 'not')) return this.#comparison();
    const operand = this.#not();
    return operand.ok ? ok({ type: 'not', operand: operand.value }) : operand;
  }

  #comparison(): Parsed {
    const left = this.#primary();
    const sign = this.#tokens[this.#index];
    if (!left.ok || sign?.kind !== 'sign' || !isComparison(sign.text)) return left;
    this.#index += 1;
    const right = this.#primary();
    return right.ok
      ? ok({ type: 'compare', operator: sign.text, left: left.value, right: right.value })
      : right;
  }

  #primary(): Parsed {
    const next = this.#tokens[this.#index];
    if (next === undefined) return this.#unexpected('a value');
    this.#index += 1;
    if (next.kind === 'number') return ok({ type: 'number', value: Number(next.text) + 0 });
    if (next.kind === 'text') return ok({ type: 'text', value: next.text });
    if (next.kind === 'question') return ok({ type: 'question', id: next.text });
    if (next.text === '(') return this.#closed(this.#or());
    if (next.text === 'if' && this.#take('sign', '(')) return this.#closed(this.#if());
    if (isCall(next.text) && this.#take('sign', '(')) return this.#closed(this.#call(next.text));
    this.#index -= 1;
    return this.#unexpected('a value');
  }

  #call(name: 'selected' | 'count' | 'answered'): Parsed {
    const question = this.#tokens[this.#index];
    if (question?.kind !== 'question') return this.#unexpected('a question');
    this.#index += 1;
    if (name !== 'selected') return ok({ type: name, id: question.text });
    if (!this.#take('sign', ',')) return this.#unexpected('a comma');
    const code = this.#tokens[this.#index];
    if (code?.kind !== 'text') return this.#unexpected('a code in quotes');
    this.#index += 1;
    return ok({ type: 'selected', id: question.text, code: code.text });
  }

  #if(): Parsed {
    const condition = this.#or();
    if (!condition.ok) return condition;
    if (!this.#take('sign', ',')) return this.#unexpected('a comma');
    const then = this.#or();
    if (!then.ok) return then;
    if (!this.#take('sign', ',')) return this.#unexpected('a comma');
    const otherwise = this.#or();
    if (!otherwise.ok) return otherwise;
    return ok({ type: 'if', condition: condition.value, then: then.value, otherwise: otherwise.value });
  }

  #closed(inner: Parsed): Parsed {
    if (inner.ok && !this.#take('sign', ')')) return this.#unexpected('a closing bracket');
    return inner;
  }

  #take(kind: Token['kind'], text: string): boolean {
    const next = this.#tokens[this.#index];
    if (next?.kind !== kind || next.text !== text) return false;
    this.#index += 1;
    return true;
  }

  #unexpected(expected: string): Result<never, SyntaxFailure> {
    return fail({ type: 'syntax', position: this.#tokens[this.#index]?.at ?? this.#end, expected });
  }
}

function isComparison(text: string): text is Comparison {
  return ['=', '!=', '<', '<=', '>', '>='].includes(text);
}

function isCall(text: string): text is 'selected' | 'count' | 'answered' {
  return ['selected', 'count', 'answered'].includes(text);
}
