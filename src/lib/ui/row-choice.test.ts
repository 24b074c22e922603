import { expect, it } from 'vitest';
import { RowChoice } from './row-choice.ts';

const keys = ['a', 'b', 'c', 'd', 'e'];
const one = { on: true, extend: false };
const range = { on: true, extend: true };

it('Shift adds everything from the last touched row, in the order of the list', () => {
  const choice = new RowChoice();
  const first = choice.choose(keys, [], 'd', one);
  expect(choice.choose(keys, first, 'b', range)).toEqual(['b', 'c', 'd']);
});

it('Shift with an empty box takes the range off', () => {
  const choice = new RowChoice();
  choice.touch('b');
  expect(choice.choose(keys, keys, 'd', { on: false, extend: true })).toEqual(['a', 'e']);
});

it('a row that left the list leaves the choice', () => {
  expect(new RowChoice().choose(['a', 'b'], ['a', 'gone'], 'b', one)).toEqual(['a', 'b']);
});
