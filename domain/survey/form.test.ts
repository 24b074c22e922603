import { describe, expect, test } from 'vitest';
import { parseForm } from './form.ts';
import type { Form, Question } from './form.ts';
import { needsSurvey } from './needs-survey.ts';

const yesNo = [
  { code: 'yes', text: { ru: 'Да' } },
  { code: 'no', text: { ru: 'Нет' } }
];

function formOf(...questions: readonly Question[]): Form {
  return {
    id: 'test',
    version: 1,
    languages: ['ru'],
    title: { ru: 'Проба' },
    intro: [],
    parts: [{ id: 'first', title: { ru: 'Часть' }, questions }]
  };
}

function one(id: string, more: Partial<Question> = {}): Question {
  return { id, type: 'one', text: { ru: id }, options: yesNo, ...more };
}

function problemsOf(input: unknown): readonly { readonly type: string; readonly where: string }[] {
  const parsed = parseForm(input);
  return parsed.ok ? [] : parsed.error;
}

describe('parsing a form', () => {
  test('the needs survey is a form, and comes back from JSON the same', () => {
    const parsed = parseForm(JSON.parse(JSON.stringify(needsSurvey)));
    expect(parsed).toEqual({ ok: true, value: needsSurvey });
  });

  test.each([
    undefined,
    null,
    7,
    'form',
    [],
    {},
    { ...needsSurvey, version: 0 },
    { ...needsSurvey, parts: [] }
  ])('what is not a form is refused with the place: %#', (input) => {
    expect(problemsOf(input).every((problem) => problem.type === 'wrong_shape')).toBe(true);
    expect(problemsOf(input).length).toBeGreaterThan(0);
  });

  test('a default that the question does not take is refused', () => {
    expect(problemsOf(formOf(one('a', { default: 'maybe' })))).toMatchObject([
      { type: 'wrong_default', where: 'a' }
    ]);
    expect(problemsOf(formOf(one('a', { default: 'yes' })))).toEqual([]);
  });

  test('an expression about an unknown question or option is refused', () => {
    expect(problemsOf(formOf(one('a'), one('b', { relevant: '$c = 1' })))).toEqual([
      { type: 'unknown_question', where: 'b', message: 'There is no question c' }
    ]);
    expect(problemsOf(formOf(one('a'), one('b', { relevant: "selected($a, 'maybe')" })))).toMatchObject([
      { type: 'unknown_option', where: 'b' }
    ]);
    expect(problemsOf(formOf(one('b', { optionsFrom: 'c' })))).toMatchObject([{ type: 'unknown_question' }]);
  });

  test('an expression that cannot be read is refused with the character', () => {
    expect(problemsOf(formOf(one('a', { relevant: '1 =' })))).toEqual([
      { type: 'bad_expression', where: 'a', message: '«1 =», character 4: expected a value' }
    ]);
  });

  test('an id or a code used twice is refused, across parts too', () => {
    expect(problemsOf(formOf(one('a'), one('a')))).toMatchObject([{ type: 'duplicate_id', where: 'a' }]);
    const doubled = one('a', { options: [...yesNo, ...yesNo] });
    expect(problemsOf(formOf(doubled)).map((problem) => problem.where)).toEqual(['yes', 'no']);
  });

  test('relevance in a circle is refused at each question of the circle', () => {
    const circle = formOf(
      one('a', { relevant: 'answered($b)' }),
      one('b', { optionsFrom: 'c' }),
      one('c', { relevant: "$a = 'yes'" }),
      one('d', { relevant: 'answered($a)' })
    );
    expect(problemsOf(circle)).toMatchObject(['a', 'b', 'c'].map((where) => ({ type: 'cycle', where })));
    expect(problemsOf(formOf(one('a', { relevant: 'answered($a)' })))).toMatchObject([{ type: 'cycle' }]);
  });

  test('a constraint may look at its own question', () => {
    const silent: Question = { id: 'size', type: 'number', text: { ru: 'Сколько' }, constraint: '$size > 0' };
    expect(problemsOf(formOf({ ...silent, constraintText: { ru: 'Больше нуля' } }))).toEqual([]);
    expect(problemsOf(formOf(silent))).toMatchObject([{ type: 'missing_part', where: 'size' }]);
  });

  test('a text missing in one of the languages is refused', () => {
    const form = { ...formOf(one('a')), languages: ['ru', 'en'] };
    expect(problemsOf(form).map((problem) => problem.where)).toEqual([
      'title',
      'first',
      'a',
      'a.yes',
      'a.no'
    ]);
  });

  test.each<Question>([
    { id: 'a', type: 'many', text: { ru: 'а' } },
    { id: 'a', type: 'scale', text: { ru: 'а' } },
    { id: 'a', type: 'repeat', text: { ru: 'а' } },
    { id: 'a', type: 'matrix', text: { ru: 'а' }, options: yesNo }
  ])('a question without the parts of its type is refused: $type', (question) => {
    expect(problemsOf(formOf(question))).toMatchObject([{ type: 'missing_part', where: 'a' }]);
  });
});
