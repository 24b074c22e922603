import { expect, test } from 'vitest';
import { startProblem } from './start-problem.ts';

const config = { port: 3000, dataFolder: '/srv/zimnik' };
const failed = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ['EADDRINUSE', /Port 3000 is taken/],
  ['ENOTDIR', /Not allowed to write into \/srv\/zimnik/],
  ['SQLITE_CANTOPEN', /Not allowed to write into \/srv\/zimnik/],
  ['SQLITE_FULL', /disk of \/srv\/zimnik is full/]
])('%s at start is told in words that say what to do', (code, words) => {
  expect(startProblem(failed(code), config)).toMatch(words);
});

test('a bug is not explained away', () => {
  expect(startProblem(new TypeError('x'), config)).toBeUndefined();
});
