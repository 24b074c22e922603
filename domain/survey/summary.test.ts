import { expect, test } from 'vitest';
import { needsSurvey } from './needs-survey.ts';
import { introOf } from './summary.ts';

const values = { centre: 'РЦ', results: 'в марте', name: 'Анна И.', phone: '+7', device: 'на этом планшете' };
const last = (given: Readonly<Record<string, string>>): string | undefined =>
  introOf(needsSurvey, 'ru', given).at(-1);

test('the intro names who asks, whom to call, where answers are kept and where the results will be shown', () => {
  expect(introOf(needsSurvey, 'ru', values)[0]).toMatch(/^Спрашивает РЦ\. /);
  expect(last(values)).toBe('Итоги покажем в марте. Вопросы: Анна И., +7.');
  expect(introOf(needsSurvey, 'ru', values).join('\n')).toContain('ответы сохранятся на этом планшете.');
  expect(introOf(needsSurvey, 'en', values).join('\n')).toMatch(/ less than 0\.1\sMB\.$/m);
});

test('what the coordinator left empty leaves no hole in a sentence, and no sentence about nothing', () => {
  expect(last({ ...values, results: '', name: '' })).toBe('Вопросы: +7.');
  expect(last({ ...values, name: 'Анна', phone: '' })).toBe('Итоги покажем в марте. Вопросы: Анна.');
  const nobody = introOf(needsSurvey, 'ru', { ...values, results: '', name: '', phone: '' });
  expect(nobody).toHaveLength(needsSurvey.intro.length - 1);
});

test('a place that this program does not know stays to be seen', () => {
  expect(introOf(needsSurvey, 'ru', {})[0]).toContain('{centre}');
});
