import { expect, test } from 'vitest';
import { withoutContents } from './log.ts';

function parserError(): unknown {
  try {
    return JSON.parse('{"name": Moldanova}');
  } catch (error) {
    return error;
  }
}

test.each([
  ['a parser that quotes its text', parserError()],
  [
    'a statement with its parameters',
    new Error('Failed query: insert into "user" values (?)\nparams: Moldanova,maria@example.org')
  ],
  [
    "a database's row as a property",
    Object.assign(new Error('duplicate key value'), {
      code: '23505',
      detail: 'Key (email)=(maria@example.org)'
    })
  ],
  ['a cause', new Error('Failed', { cause: new Error("no person 'Moldanova'") })],
  ['what is no error', 'Молданова']
])('the log tells of %s without what people wrote', (_case, error) => {
  expect(JSON.stringify(withoutContents(error))).not.toMatch(/moldanova|молданова|maria/i);
});

test('what helps to mend the program stays: kind, code, words of the program, places', () => {
  const told = withoutContents(Object.assign(new RangeError('Invalid array length'), { code: 'ERR_X' }));
  expect(told).toMatchObject({ type: 'RangeError', code: 'ERR_X', message: 'Invalid array length' });
  expect(told.stack[0]).toContain('log.test.ts');
});
