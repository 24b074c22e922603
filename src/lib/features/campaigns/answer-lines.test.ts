import { expect, it } from 'vitest';
import type { RecordRow } from '#domain/records/registry.ts';
import { needsSurvey } from '#domain/survey/needs-survey.ts';
import { answerLines, answerQuestions } from './answer-lines.ts';

function response(id: string, answers: Record<string, unknown>): RecordRow<'response'> {
  return { type: 'response', id, seq: 1, by: 'link', at: 1, values: { code: `КЕДР-${id}`, answers } };
}

it('gives a line for each questionnaire with its answers in words, and leaves out what cannot be read', () => {
  const lines = answerLines(
    needsSurvey,
    [
      response('417', { q_settlement: 's1', q_needs5: ['training', 'info'] }),
      response('418', { q_needs5: { a: [] } })
    ],
    'ru',
    (_type, id) => (id === 's1' ? 'Шеркалы' : undefined)
  );
  expect(lines.map(({ code }) => code)).toEqual(['КЕДР-417']);
  expect(lines[0]?.answers.get('q_settlement')).toBe('Шеркалы');
  expect(lines[0]?.answers.get('q_needs5')).toBe('Обучение; Информационные услуги');
  expect(answerQuestions(needsSurvey).map(({ id }) => id)).not.toContain('q_contact');
});
