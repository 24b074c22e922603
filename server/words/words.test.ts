import { expect, test } from 'vitest';
import { languageOf, operatorWords } from './index.ts';

test.each([
  [{}, 'ru'],
  [{ LANG: 'C.UTF-8' }, 'ru'],
  [{ LANG: 'POSIX' }, 'ru'],
  [{ LANG: 'ru_RU.UTF-8' }, 'ru'],
  [{ LANG: 'en_US.UTF-8' }, 'en'],
  [{ LANG: 'en' }, 'en'],
  [{ LANG: 'enm_GB' }, 'ru'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'ru_RU.UTF-8' }, 'ru'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'en_US.UTF-8', LC_ALL: 'C' }, 'ru'],
  [{ LANG: 'en_GB', LC_ALL: '' }, 'en'],
  [{ ZIMNIK_LANGUAGE: 'ru', LC_ALL: 'en_US.UTF-8' }, 'ru'],
  [{ ZIMNIK_LANGUAGE: 'en', LANG: 'ru_RU.UTF-8' }, 'en']
] as const)('an environment of %o is spoken to in %s', (environment, language) => {
  expect(languageOf(environment)).toBe(language);
});

test.each([
  [1, '1 операция', '1 запись', '1 учётная запись'],
  [2, '2 операции', '2 записи', '2 учётные записи'],
  [5, '5 операций', '5 записей', '5 учётных записей'],
  [11, '11 операций', '11 записей', '11 учётных записей'],
  [21, '21 операция', '21 запись', '21 учётная запись'],
  [111, '111 операций', '111 записей', '111 учётных записей'],
  [12_345, '12\u00a0345 операций', '12\u00a0345 записей', '12\u00a0345 учётных записей']
])('%d is counted as Russians count', (count, ...counted) => {
  const counts = { operationCount: count, recordCount: count, accountCount: count };
  expect(operatorWords.ru.migrate.done(counts)).toBe(`Перенесено и проверено: ${counted.join(', ')}.`);
});

test.each([
  [1, '1 operation, 1 record, 1 account'],
  [2, '2 operations, 2 records, 2 accounts'],
  [12_345, '12,345 operations, 12,345 records, 12,345 accounts']
])('%d is counted as the English count', (count, counted) => {
  const counts = { operationCount: count, recordCount: count, accountCount: count };
  expect(operatorWords.en.migrate.done(counts)).toBe(`Copied and proved: ${counted}.`);
});

test('hours between copies, the day of a copy and further damage are said in full words', () => {
  const { start, restore, damage } = operatorWords.ru;
  const said = [1, 24, 36].map((hours) => start.copies({ folder: '/copies', hours }));
  expect(said).toEqual([
    'Копии: /copies, раз в 1 час.',
    'Копии: /copies, раз в 24 часа.',
    'Копии: /copies, раз в 36 часов.'
  ]);
  const madeAt = new Date(2026, 10, 24, 3, 5).getTime();
  expect(restore.done({ madeAt, count: 3 })).toMatch(
    /копия сделана 24 ноября 2026\sг\. в 03:05, 3 операции\.$/
  );
  expect(damage.file({ file: 'centre.sqlite', says: 'x', more: 21 })).toContain(' и ещё 21 такая строка.');
  expect(damage.file({ file: 'centre.sqlite', says: 'x', more: 0 })).toBe('Файл centre.sqlite повреждён: x.');
});

test('no Russian sentence is left in English, and no English one in Russian', () => {
  const russian = leaves(operatorWords.ru);
  const english = leaves(operatorWords.en);
  expect([...russian.keys()]).toEqual([...english.keys()]);
  for (const [key, sentence] of russian) expect(sentence, key).toMatch(/[а-яё]/i);
  for (const [key, sentence] of english)
    expect(sentence.replaceAll('«Планшеты»', ''), key).not.toMatch(/[а-яё]/i);
});

/** Every sentence by its path; one that takes values gets the same for each of them. */
function leaves(words: object, path = ''): ReadonlyMap<string, string> {
  const values = new Proxy({}, { get: () => 1 });
  return new Map(
    Object.entries(words).flatMap(
      ([key, value]: [string, unknown]): readonly (readonly [string, string])[] => {
        const here = `${path}/${key}`;
        if (typeof value === 'string') return [[here, value]];
        if (typeof value === 'function')
          return [[here, String((value as (values: object) => unknown)(values))]];
        return [...leaves(value as object, here)];
      }
    )
  );
}
