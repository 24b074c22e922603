import { expect, test } from 'vitest';
import { parseForm } from './form.ts';
import { needsSurvey } from './needs-survey.ts';
import { inOneLanguage } from './one-language.ts';

test('a form in one language is a whole form with the same ids, codes and logic', () => {
  const english = inOneLanguage(needsSurvey, 'en');
  expect(parseForm(english)).toEqual({ ok: true, value: english });
  expect(JSON.stringify(english)).not.toMatch(/[а-яё]/i);
  const skeleton = (form: typeof needsSurvey) =>
    form.parts
      .flatMap((part) => part.questions)
      .map(({ id, type, relevant, options }) => [id, type, relevant, options?.map((option) => option.code)]);
  expect(skeleton(english)).toEqual(skeleton(needsSurvey));
  expect(english.version).toBe(needsSurvey.version);
});

test('a language that the form lacks gives its first', () => {
  expect(inOneLanguage(needsSurvey, 'kca').languages).toEqual(['ru']);
});
