import { describe, expect, test } from 'vitest';
import type { Answers } from './answers.ts';
import { responseOf, startSurvey, visibleQuestions } from './engine.ts';
import { needsSurvey } from './needs-survey.ts';

const questions = needsSurvey.parts.flatMap((part) => part.questions);

function asked(part: string, answers: Answers = {}): readonly string[] {
  return visibleQuestions(startSurvey(needsSurvey, part, answers)).map((question) => question.id);
}

describe('the needs survey', () => {
  test('the first part is the eight screens, the frozen question third, the contact last', () => {
    expect(asked('first', { q_needs5: ['training', 'info'] })).toEqual([
      'q_settlement',
      'q_kind',
      'q_needs5',
      'q_top1',
      'q_format',
      'q_barriers',
      'q_open',
      'q_contact'
    ]);
  });

  test('the question of 2021 keeps its wording and its five options in their order', () => {
    const frozen = questions.filter((question) => question.frozen);
    expect(frozen.map((question) => [question.id, question.text.ru])).toEqual([
      ['q_needs5', 'В какой поддержке Ресурсного центра вы (ваша организация) нуждаетесь?']
    ]);
    expect(frozen[0]?.options?.map((option) => option.text.ru)).toEqual([
      'Материально-техническая поддержка',
      'Обучение',
      'Обучение социальному проектированию',
      'Консультирование (включая сопровождение)',
      'Информационные услуги',
      'Ни в какой',
      'Затрудняюсь ответить'
    ]);
  });

  test('each kind of respondent is asked about what they are', () => {
    const branch = (kind: string) =>
      asked('more', { q_kind: kind }).filter((id) => /^q_(org|inst|group|role)/.test(id));
    expect(branch('ngo')).toEqual(['q_org', 'q_role']);
    expect(branch('institution')).toEqual(['q_inst', 'q_role']);
    expect(branch('group')).toEqual(['q_group_size', 'q_group_plan', 'q_role']);
    expect(branch('self')).toEqual([]);
    expect(branch('other')).toEqual([]);
  });

  test('each kind of support chosen brings its own question', () => {
    const branch = (...codes: string[]) =>
      asked('more', { q_needs5: codes }).filter((id) => /^q_(material|training|sp_|consult|info)/.test(id));
    expect(branch('material')).toEqual(['q_material', 'q_info_short']);
    expect(branch('training', 'info')).toEqual(['q_training', 'q_info']);
    expect(branch('project_design', 'consulting')).toEqual(['q_sp_stage', 'q_consult', 'q_info_short']);
    expect(branch('none')).toEqual(['q_info_short']);
  });

  test('what is hard in an application is asked from «Есть идея» on', () => {
    const hard = (stage: string) =>
      asked('more', { q_needs5: ['project_design'], q_sp_stage: stage }).includes('q_sp_hard');
    expect(hard('no_idea')).toBe(false);
    expect(hard('idea')).toBe(true);
    expect(hard('won')).toBe(true);
  });

  test('only those who used services rate them', () => {
    const rating = (...used: string[]) =>
      asked('more', { q_used: used }).filter((id) => ['q_sat', 'q_effect', 'q_nps'].includes(id));
    expect(rating('seminars')).toEqual(['q_sat', 'q_effect', 'q_nps']);
    expect(rating('none')).toEqual([]);
    expect(rating('unknown')).toEqual([]);
    expect(rating()).toEqual([]);
  });

  test('the contact is a place in the form and never an answer', () => {
    expect(responseOf(needsSurvey, { q_contact: 'Галина, 8 900 000-00-00', q_age: 'from55' })).toEqual({
      q_age: 'from55'
    });
  });

  test('the words follow the dictionary: no gender, no brackets of gender, no «!», «ё» in its place', () => {
    const russian = JSON.stringify(needsSurvey).replace(/!=/g, '≠');
    expect(russian).not.toMatch(/\(а\)|!|[^а-яё]еще[^а-яё]/);
    expect(russian).toContain('Заявку подавали, не поддержали');
    expect(russian).toContain('Посоветуете ли вы центр знакомым?');
    expect(russian).toContain('Люди с инвалидностью, здоровье');
  });

  test('nothing is required', () => {
    expect(questions.filter((question) => question.required)).toEqual([]);
  });
});
