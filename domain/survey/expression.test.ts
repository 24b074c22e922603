import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnswerValue } from './answers.ts';
import { evaluate, isTrue } from './evaluate.ts';
import { parseExpression, questionsIn } from './expression.ts';
import type { Expression } from './expression.ts';
import { printExpression } from './print-expression.ts';

const id = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/);

const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const child = tie('expression');
  return {
    expression: fc.oneof(
      { maxDepth: 4 },
      fc
        .integer({ min: -1000, max: 1000 })
        .map((value): Expression => ({ type: 'number', value: value / 4 + 0 })),
      fc.string({ maxLength: 6 }).map((value): Expression => ({ type: 'text', value })),
      id.map((name): Expression => ({ type: 'question', id: name })),
      fc.record({ type: fc.constantFrom('count' as const, 'answered' as const), id }),
      fc.record({ type: fc.constant('selected' as const), id, code: fc.string({ maxLength: 5 }) }),
      fc.record({ type: fc.constant('not' as const), operand: child }),
      fc.record({ type: fc.constantFrom('and' as const, 'or' as const), left: child, right: child }),
      fc.record({
        type: fc.constant('compare' as const),
        operator: fc.constantFrom(
          '=' as const,
          '!=' as const,
          '<' as const,
          '<=' as const,
          '>' as const,
          '>=' as const
        ),
        left: child,
        right: child
      }),
      fc.record({ type: fc.constant('if' as const), condition: child, then: child, otherwise: child })
    )
  };
});

const answerValue: fc.Arbitrary<AnswerValue | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.string({ maxLength: 5 }),
  fc.double(),
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 3 })
);

function read(source: string): Expression {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(`${source}: ${parsed.error.expected} at ${parsed.error.position}`);
  return parsed.value;
}

function holds(source: string, answers: Record<string, AnswerValue> = {}): boolean {
  return isTrue(evaluate(read(source), (name) => answers[name]));
}

describe('reading an expression', () => {
  test('what is printed is read back to the same tree', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        const text = printExpression(tree);
        fc.pre(text.length <= 1000);
        expect(read(text)).toEqual(tree);
      })
    );
  });

  test('any text at all is read or refused, never thrown at', () => {
    const pieces = fc.constantFrom(
      '$a',
      "'x'",
      '(',
      ')',
      'not',
      'and',
      'or',
      '=',
      '<=',
      ',',
      'if',
      'selected',
      'count',
      '1',
      ' '
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join(' '))
        ),
        (source) => {
          const parsed = parseExpression(source);
          if (!parsed.ok) expect(parsed.error.position).toBeLessThanOrEqual(source.length);
        }
      )
    );
  });

  test('brackets a thousand deep are refused or read without exhausting the stack', () => {
    expect(parseExpression('('.repeat(1000)).ok).toBe(false);
    expect(parseExpression('('.repeat(499) + '1' + ')'.repeat(499)).ok).toBe(true);
    expect(parseExpression('not '.repeat(10_000)).ok).toBe(false);
  });

  test('a mistake is told with its place', () => {
    expect(parseExpression('$a and')).toEqual({
      ok: false,
      error: { type: 'syntax', position: 6, expected: 'a value' }
    });
    expect(parseExpression('$a = 1 = 1')).toEqual({
      ok: false,
      error: { type: 'syntax', position: 7, expected: 'the end' }
    });
    expect(parseExpression('selected($a, b)')).toMatchObject({ ok: false, error: { position: 13 } });
    expect(parseExpression('$a # 1')).toMatchObject({ ok: false, error: { position: 2 } });
    expect(parseExpression('')).toMatchObject({ ok: false, error: { position: 0 } });
  });

  test('brackets that change the tree stay', () => {
    for (const source of [
      '$a and ($b and $c)',
      '$a or ($b or $c)',
      '($a = $b) = $c',
      'not (not $a and $b)'
    ]) {
      expect(printExpression(read(source))).toBe(source);
    }
  });

  test('a quote inside a text is doubled', () => {
    expect(read("'don''t'")).toEqual({ type: 'text', value: "don't" });
  });

  test('not binds tighter than and, and tighter than or', () => {
    expect(printExpression(read('(not $a) and $b or ($c and $d)'))).toBe('not $a and $b or $c and $d');
    expect(printExpression(read('not ($a and ($b or $c))'))).toBe('not ($a and ($b or $c))');
  });

  test('the questions looked at are named once each', () => {
    expect(questionsIn(read("if(count($a) > 1, $b = $a, selected($c, 'x'))"))).toEqual(['a', 'b', 'c']);
  });
});

describe('evaluating an expression', () => {
  test('never throws, whatever the answers are', () => {
    fc.assert(
      fc.property(expression, fc.func(answerValue), (tree, lookup) => {
        expect(typeof isTrue(evaluate(tree, lookup))).toBe('boolean');
      })
    );
  });

  test('!= is the negation of =, and not not x is x as a condition', () => {
    fc.assert(
      fc.property(expression, expression, fc.func(answerValue), (left, right, lookup) => {
        const compare = (operator: '=' | '!=') =>
          evaluate({ type: 'compare', operator, left, right }, lookup);
        expect(compare('!=')).toBe(compare('=') === false);
        const twice = evaluate({ type: 'not', operand: { type: 'not', operand: left } }, lookup);
        expect(twice).toBe(isTrue(evaluate(left, lookup)));
      })
    );
  });

  test('a missing answer equals only another missing one and is ordered with nothing', () => {
    expect(holds('$a = $b')).toBe(true);
    expect(holds("$a = 'x'")).toBe(false);
    expect(holds("$a != 'x'")).toBe(true);
    expect(holds('$a < 5 or $a >= 5 or $a <= $b')).toBe(false);
    expect(holds("selected($a, 'x') or answered($a) or count($a) > 0 or $a")).toBe(false);
    expect(holds("$a = ''")).toBe(true);
  });

  test('choices are asked by code, counted, and compared', () => {
    const answers = { many: ['x', 'y'], one: 'x', size: 4, empty: [], table: { r1: 'c1' } };
    expect(holds("selected($many, 'y') and selected($one, 'x') and not selected($many, 'z')", answers)).toBe(
      true
    );
    expect(
      holds('count($many) = 2 and count($one) = 1 and count($empty) = 0 and count($table) = 1', answers)
    ).toBe(true);
    expect(holds('$size >= 4 and $size < 5 and $size = 4', answers)).toBe(true);
    expect(holds("$size = '4'", answers)).toBe(false);
    expect(holds("if($size > 3, $one = 'x', 0)", answers)).toBe(true);
    expect(holds("$day >= '2022-06-01'", { day: '2022-11-23' })).toBe(true);
  });
});
