import { expect, it } from 'vitest';
import type { Field } from '#domain/survey/form.ts';
import { answerOfGroups, groupsOf, wrongNumber } from './groups.ts';

const field = (code: string, type: Field['type']): Field => ({ code, type, text: { ru: code } });
const fields = [field('name', 'text'), field('seats', 'number'), field('since', 'date')];

it('keeps what can be read and leaves empty boxes out', () => {
  const groups = [
    { key: 0, texts: { name: ' Обь ', seats: '1 250,5', since: '2026-06-01' } },
    { key: 1, texts: { name: '  ' } },
    { key: 2, texts: { seats: 'много' } }
  ];
  expect(answerOfGroups(groups, fields)).toEqual([{ name: 'Обь', seats: 1250.5, since: '2026-06-01' }]);
  expect(answerOfGroups([{ key: 0, texts: {} }], fields)).toBeNull();
});

it('shows an answer again as it was typed, and one empty box for none', () => {
  expect(groupsOf([{ name: 'Обь', seats: 2.5 }])).toEqual([{ key: 0, texts: { name: 'Обь', seats: '2,5' } }]);
  expect(groupsOf(undefined)).toEqual([{ key: 0, texts: {} }]);
});

it('tells a number that is none, but not an empty field', () => {
  expect(wrongNumber(field('n', 'number'), 'две')).toBe(true);
  expect(wrongNumber(field('n', 'number'), '2,')).toBe(false);
  expect(wrongNumber(field('n', 'number'), ' ')).toBe(false);
  expect(wrongNumber(field('n', 'text'), 'две')).toBe(false);
});
