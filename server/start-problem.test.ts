import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DataInUse, DataMoved, lockData, tryLock } from './data-lock.ts';
import { NotBuilt } from './http/site.ts';
import { startProblem } from './start-problem.ts';
import { operatorWords } from './words/index.ts';

const config = { port: 3000, host: 'localhost', dataFolder: '/srv/zimnik' };
const { ru, en } = operatorWords;
const holder = { type: 'process', process: 7, about: 'http://localhost:3000' } as const;
const failed = (code: string, syscall?: string) =>
  Object.assign(new Error(code), syscall === undefined ? { code } : { code, syscall });

test.each([
  [failed('EADDRINUSE', 'listen'), /Port 3000 is taken/],
  [failed('EACCES', 'listen'), /Set a PORT above 1023/],
  [failed('ENOTDIR', 'mkdir'), /Not allowed to write into \/srv\/zimnik/],
  [failed('SQLITE_CANTOPEN'), /Not allowed to write into \/srv\/zimnik/],
  [failed('SQLITE_FULL'), /disk of \/srv\/zimnik is full/],
  [failed('SQLITE_IOERR_SHMSIZE'), /full or failing/],
  [new DataMoved('/srv/zimnik'), /set DATABASE_URL/],
  [new DataInUse(holder), /process 7, http:\/\/localhost:3000/],
  [new DataInUse({ type: 'unknown' }), /its process is unknown/],
  [new NotBuilt('/opt/zimnik/build'), /npm run build/]
])('%s at start is told in words that say what to do', (error, words) => {
  expect(startProblem(error, config, en)).toMatch(words);
});

test.each([
  [failed('ECONNREFUSED', 'connect'), /does not answer at db\.example\.org:5432/],
  [failed('28P01'), /refuses the user zimnik/],
  [failed('3D000'), /no database centre/]
])('%s of PostgreSQL is told without the password', (error, words) => {
  const databaseUrl = 'postgres://zimnik:secret@db.example.org/centre';
  const told = startProblem(error, { ...config, databaseUrl }, en);
  expect(told).toMatch(words);
  expect(told).not.toContain('secret');
});

test.each([
  [failed('EADDRINUSE', 'listen'), /^Порт 3000 занят .*Данные не тронуты\. .*PORT\.$/],
  [failed('SQLITE_FULL'), /^На диске с \/srv\/zimnik кончилось место\. Записанное цело\. Освободите/],
  [failed('SQLITE_CORRUPT'), /повреждена .*цело\. Сохраните .* restore <копия>$/],
  [new DataInUse(holder), /другой сервер \(процесс 7, http:\/\/localhost:3000\)\. Ничего не изменено/]
])('%s at start says in Russian what happened, what is safe and what to do', (error, words) => {
  expect(startProblem(error, config, ru)).toMatch(words);
});

test('a bug is not explained away', () => {
  expect(startProblem(new TypeError('x'), config, en)).toBeUndefined();
});

test('a data folder has one server at a time, which the second one is told of', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zimnik-lock-'));
  const first = lockData(folder, 'http://localhost:3000');
  expect(() => lockData(folder, 'http://localhost:3001')).toThrow(DataInUse);
  expect(tryLock(folder, 'zimnik restore')).toEqual({
    ok: false,
    error: {
      type: 'in_use',
      holder: { type: 'process', process: process.pid, about: 'http://localhost:3000' }
    }
  });
  first.release();
  lockData(folder, 'http://localhost:3001').release();
  rmSync(folder, { recursive: true });
});
