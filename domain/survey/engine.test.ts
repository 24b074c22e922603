import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAnswers, parseDraft } from './answers.ts';
import type { Answers, AnswerValue } from './answers.ts';
import {
  answer,
  answerOf,
  answerOther,
  draftOf,
  goTo,
  nextQuestion,
  optionsOf,
  previousQuestion,
  problems,
  progress,
  responseOf,
  resumeSurvey,
  rowsOf,
  startSurvey,
  visibleQuestions
} from './engine.ts';
import type { SurveyState } from './engine.ts';
import type { Form, Question } from './form.ts';
import { needsSurvey } from './needs-survey.ts';
import { problemsOf } from './problems.ts';
import { summaryOf } from './summary.ts';

function give(state: SurveyState, questionId: string, value: AnswerValue | null): SurveyState {
  return answer(state, questionId, value).state;
}

function first(answers: Answers = {}): SurveyState {
  return startSurvey(needsSurvey, 'first', answers);
}

function formOf(...questions: readonly Question[]): Form {
  return {
    id: 'test',
    version: 1,
    languages: ['ru'],
    title: { ru: 'Проба' },
    intro: [],
    parts: [{ id: 'first', title: { ru: 'Часть' }, questions }]
  };
}

describe('answering', () => {
  test('an exclusive option clears the others with a notice, and what it cleared can be given back', () => {
    const before = give(first(), 'q_needs5', ['training', 'info']);
    const { state, notice } = answer(before, 'q_needs5', ['training', 'info', 'none']);
    expect(answerOf(state, 'q_needs5')).toEqual(['none']);
    expect(notice).toEqual({ type: 'others_cleared', option: 'none', previous: ['training', 'info'] });
    expect(answerOf(give(state, 'q_needs5', ['training', 'info']), 'q_needs5')).toEqual(['training', 'info']);
  });

  test('another option takes an exclusive one away, with a notice', () => {
    const before = give(first(), 'q_needs5', ['none']);
    const { state, notice } = answer(before, 'q_needs5', ['none', 'info']);
    expect(answerOf(state, 'q_needs5')).toEqual(['info']);
    expect(notice).toEqual({ type: 'exclusive_cleared', option: 'none', previous: ['none'] });
  });

  test('an exclusive option ticked first of all clears nothing and says nothing', () => {
    expect(answer(first(), 'q_needs5', ['none']).notice).toBeNull();
  });

  test('a fourth choice of three is not taken', () => {
    const before = give(first(), 'q_barriers', ['far', 'no_time', 'household']);
    const { state, notice } = answer(before, 'q_barriers', ['far', 'no_time', 'household', 'wrong_days']);
    expect(state).toBe(before);
    expect(notice).toEqual({ type: 'not_taken', problem: 'too_many_choices' });
  });

  test('choices stand in the order of the form, whatever the order of the taps', () => {
    expect(answerOf(give(first(), 'q_needs5', ['info', 'material']), 'q_needs5')).toEqual([
      'material',
      'info'
    ]);
  });

  test.each<[string, AnswerValue]>([
    ['q_kind', 'martian'],
    ['q_kind', 5],
    ['q_needs5', 'training'],
    ['q_needs5', ['training', 'training']],
    ['q_contact', 'Галина'],
    ['no_such_question', 'x'],
    ['constructor', 'x'],
    ['q_group_size', Number.NaN],
    ['q_nps', 11],
    ['q_sat', { seminars: 'r9' }]
  ])('a value that the question does not take changes nothing: %s', (id, value) => {
    const before = startSurvey(needsSurvey, 'more', { q_used: ['seminars'], q_kind: 'group' });
    const { state, notice } = answer(before, id, value);
    expect(state).toBe(before);
    expect(notice?.type).toBe('not_taken');
  });

  test('an empty text or list takes the answer back', () => {
    const given = give(give(first(), 'q_open', 'Спасибо'), 'q_needs5', ['info']);
    const empty = give(give(given, 'q_open', '  '), 'q_needs5', []);
    expect(empty.answers).toEqual({});
  });

  test('the text of «Другое» goes out only while it is chosen, and comes back with it', () => {
    let state = answerOther(give(first(), 'q_kind', 'other'), 'q_kind', 'Община');
    expect(responseOf(state.form, state.answers)).toEqual({ q_kind: 'other', 'q_kind/other': 'Община' });
    state = give(state, 'q_kind', 'self');
    expect(responseOf(state.form, state.answers)).toEqual({ q_kind: 'self' });
    state = give(state, 'q_kind', 'other');
    expect(responseOf(state.form, state.answers)['q_kind/other']).toBe('Община');
  });
});

/** One question of every type that takes an answer, with an answer that fits. */
const everyType: readonly (readonly [Question, AnswerValue])[] = (
  [
    ['one', 'a'],
    ['many', ['a', 'b']],
    ['number', 3],
    ['text', 'слова'],
    ['date', '2026-11-23'],
    ['scale', 2],
    ['matrix', { a: 'b' }],
    ['rank', ['b', 'a']],
    ['settlement', 'stl-1'],
    ['organisation', 'org-1'],
    ['geopoint', { latitude: 62.5, longitude: 65.6 }],
    ['photo', 'sha'],
    ['repeat', [{ name: 'Лодка' }]]
  ] as const
).map(([type, value]) => [
  {
    id: 'q',
    type,
    text: { ru: type },
    options: [
      { code: 'a', text: { ru: 'а' } },
      { code: 'b', text: { ru: 'б' } }
    ],
    rows: [{ code: 'a', text: { ru: 'а' } }],
    scale: { min: 1, max: 3, minText: { ru: 'мало' }, maxText: { ru: 'много' } },
    fields: [{ code: 'name', type: 'text', text: { ru: 'Что' } }]
  },
  value
]);

describe.each(everyType.map(([question, value]) => [question.type, question, value] as const))(
  'the logic of a question of the type %s',
  (type, question, value) => {
    const asked = { id: 'asked', type: 'text', text: { ru: 'Спросить?' } } as const;

    test('it is asked only while its condition holds, and its answer comes back with it', () => {
      const form = formOf(asked, { ...question, relevant: "$asked = 'да'" });
      const state = give(give(startSurvey(form, 'first'), 'asked', 'да'), 'q', value);
      expect(responseOf(form, state.answers)).toEqual({ asked: 'да', q: value });
      const hidden = give(state, 'asked', 'нет');
      expect(visibleQuestions(hidden).map(({ id }) => id)).toEqual(['asked']);
      expect(responseOf(form, hidden.answers)).toEqual({ asked: 'нет' });
      expect(responseOf(form, give(hidden, 'asked', 'да').answers)).toEqual({ asked: 'да', q: value });
    });

    test('required, it is a problem until it is answered', () => {
      const form = formOf({ ...question, required: true });
      const state = startSurvey(form, 'first');
      expect(problems(state)).toEqual(type === 'photo' ? [] : [{ type: 'required', questionId: 'q' }]);
      expect(problems(give(state, 'q', value))).toEqual([]);
      expect(problems(give(give(state, 'q', value), 'q', null)).length).toBe(type === 'photo' ? 0 : 1);
    });

    test('its constraint is judged only when it is answered', () => {
      const form = formOf({ ...question, constraint: 'count($q) > 9', constraintText: { ru: 'Мало' } });
      const state = startSurvey(form, 'first');
      expect(problems(state)).toEqual([]);
      const judged = type === 'photo' ? [] : [{ type: 'constraint', questionId: 'q' }];
      expect(problems(give(state, 'q', value))).toEqual(judged);
    });

    test('its default stands from the start and can be taken back', () => {
      const form = formOf({ ...question, default: value });
      const state = startSurvey(form, 'first');
      expect(answerOf(state, 'q')).toEqual(value);
      expect(answerOf(give(state, 'q', null), 'q')).toBeUndefined();
    });

    test('other questions are calculated from it', () => {
      const calculated: Question = { id: 'n', type: 'number', text: { ru: '' }, calculate: 'count($q)' };
      const form = formOf(question, calculated);
      const state = give(startSurvey(form, 'first'), 'q', value);
      const count = typeof value === 'object' ? Object.keys(value).length : 1;
      expect(responseOf(form, state.answers)).toEqual({ q: value, n: count });
      expect(visibleQuestions(state).map(({ id }) => id)).toEqual(['q']);
    });
  }
);

describe('what is asked', () => {
  test('the first need is asked only of those who chose two, out of what they chose', () => {
    let state = give(first(), 'q_needs5', ['training']);
    expect(visibleQuestions(state).map((question) => question.id)).not.toContain('q_top1');
    state = give(state, 'q_needs5', ['training', 'info', 'consulting']);
    const question = visibleQuestions(state).find(({ id }) => id === 'q_top1');
    if (question === undefined) throw new Error('not asked');
    expect(optionsOf(state, question).map((option) => option.code)).toEqual([
      'training',
      'consulting',
      'info'
    ]);
  });

  test('an answer whose question or option is no longer offered stays in the draft, and comes back with it', () => {
    let state = give(give(first(), 'q_needs5', ['training', 'info']), 'q_top1', 'info');
    state = give(state, 'q_needs5', ['training', 'consulting']);
    expect(answerOf(state, 'q_top1')).toBeUndefined();
    expect(responseOf(state.form, state.answers)).toEqual({ q_needs5: ['training', 'consulting'] });
    expect(draftOf(state).answers.q_top1).toBe('info');
    state = give(state, 'q_needs5', ['training', 'info']);
    expect(responseOf(state.form, state.answers).q_top1).toBe('info');
  });

  test('a rated service that was unticked leaves the response and keeps its mark in the draft', () => {
    const more = startSurvey(needsSurvey, 'more', { q_used: ['consultations', 'seminars'] });
    let state = give(more, 'q_sat', { consultations: 'r5', seminars: 'r3' });
    state = give(state, 'q_used', ['seminars']);
    expect(responseOf(state.form, state.answers).q_sat).toEqual({ seminars: 'r3' });
    state = give(state, 'q_sat', { seminars: 'r4' });
    state = give(state, 'q_used', ['consultations', 'seminars']);
    expect(answerOf(state, 'q_sat')).toEqual({ seminars: 'r4', consultations: 'r5' });
    const matrix = visibleQuestions(state).find(({ id }) => id === 'q_sat');
    expect(matrix && rowsOf(state, matrix).map((row) => row.code)).toEqual(['consultations', 'seminars']);
  });

  test('several chosen out of an earlier choice: what is not on offer now waits in the draft', () => {
    const source = ['a', 'b', 'c'].map((code) => ({ code, text: { ru: code } }));
    const form = formOf(
      {
        id: 'have',
        type: 'many',
        text: { ru: 'Есть' },
        options: [...source, { code: 'none', text: { ru: 'Нет' }, exclusive: true }]
      },
      { id: 'need', type: 'many', text: { ru: 'Нужно' }, optionsFrom: 'have' }
    );
    let state = startSurvey(form, 'first', { have: ['a', 'b'], need: ['a', 'b'] });
    state = give(give(state, 'have', ['b', 'c']), 'need', ['b', 'c']);
    expect(responseOf(form, state.answers).need).toEqual(['b', 'c']);
    state = give(state, 'have', ['a', 'b', 'c']);
    expect([...(responseOf(form, state.answers).need as string[])].sort()).toEqual(['a', 'b', 'c']);
    const none = give(state, 'have', ['none']);
    const need = form.parts[0]?.questions[1];
    expect(need && optionsOf(none, need)).toEqual([]);
  });

  test('a question hidden by a hidden question is hidden too', () => {
    const answers = { q_needs5: ['project_design'], q_sp_stage: 'idea', q_sp_hard: ['budget'] };
    expect(responseOf(needsSurvey, answers)).toEqual(answers);
    expect(responseOf(needsSurvey, { ...answers, q_needs5: ['info'] })).toEqual({ q_needs5: ['info'] });
  });

  test('defaults stand at the start and calculated answers follow their sources', () => {
    const form = formOf(
      { id: 'size', type: 'number', text: { ru: 'Сколько' }, default: 3 },
      { id: 'large', type: 'text', text: {}, calculate: "if($size >= 5, 'yes', 'no')" }
    );
    const state = startSurvey(form, 'first');
    expect(responseOf(form, state.answers)).toEqual({ size: 3, large: 'no' });
    expect(responseOf(form, give(state, 'size', 5).answers)).toEqual({ size: 5, large: 'yes' });
    expect(visibleQuestions(state).map((question) => question.id)).toEqual(['size']);
    expect(answer(state, 'large', 'yes').notice).toEqual({ type: 'not_taken', problem: 'unknown_question' });
  });
});

describe('walking', () => {
  test('next and previous pass over what is not asked, and the last step is the summary', () => {
    let state = give(first(), 'q_needs5', ['training']);
    const walked: (string | null)[] = [state.current];
    while (state.current !== null) {
      state = goTo(state, nextQuestion(state)?.id ?? null);
      walked.push(state.current);
    }
    expect(walked).toEqual([
      'q_settlement',
      'q_kind',
      'q_needs5',
      'q_format',
      'q_barriers',
      'q_open',
      'q_contact',
      null
    ]);
    expect(previousQuestion(state)?.id).toBe('q_contact');
    expect(previousQuestion(goTo(state, 'q_format'))?.id).toBe('q_needs5');
    expect(previousQuestion(goTo(state, 'q_settlement'))).toBeNull();
    expect(goTo(state, 'q_top1')).toBe(state);
  });

  test('the third question says «осталось примерно 5»', () => {
    const third = goTo(first(), 'q_needs5');
    expect(progress(third)).toEqual({ number: 3, left: 5 });
    expect(progress(give(third, 'q_needs5', ['training', 'info']))).toEqual({ number: 3, left: 5 });
    expect(progress(give(third, 'q_needs5', ['training']))).toEqual({ number: 3, left: 4 });
    expect(progress(goTo(third, 'q_contact'))).toEqual({ number: 7, left: 0 });
  });

  test('a draft goes on where it stopped, through JSON, and only with its own version of the form', () => {
    const state = goTo(give(first(), 'q_needs5', ['info']), 'q_format');
    const draft = parseDraft(JSON.parse(JSON.stringify(draftOf(state))));
    if (!draft.ok) throw new Error(draft.error.type);
    expect(resumeSurvey(needsSurvey, draft.value)).toEqual({ ok: true, value: state });
    expect(resumeSurvey({ ...needsSurvey, version: 2 }, draft.value)).toEqual({
      ok: false,
      error: { type: 'other_form_version', id: 'needs', version: 1 }
    });
    expect(parseDraft({ ...draft.value, answers: { 'a b': 1 } }).ok).toBe(false);
    expect(parseDraft(null).ok).toBe(false);
  });
});

describe('problems', () => {
  test('a group of 900 breaks its constraint, but only while the question is asked', () => {
    const state = give(startSurvey(needsSurvey, 'more', { q_kind: 'group' }), 'q_group_size', 900);
    expect(problems(state)).toEqual([{ type: 'constraint', questionId: 'q_group_size' }]);
    expect(problems(give(state, 'q_kind', 'self'))).toEqual([]);
    expect(problems(give(state, 'q_group_size', 4.5))).toEqual([
      { type: 'not_whole', questionId: 'q_group_size' }
    ]);
    expect(problems(give(state, 'q_group_size', 4))).toEqual([]);
  });

  test('a text over its length is kept and told', () => {
    const state = give(first(), 'q_open', 'я'.repeat(1001));
    expect(problems(state)).toEqual([{ type: 'too_long', questionId: 'q_open' }]);
  });

  test('a required question is a problem only while it is asked', () => {
    const form = formOf(
      { id: 'a', type: 'text', text: { ru: 'А' } },
      { id: 'b', type: 'text', text: { ru: 'Б' }, required: true, relevant: 'answered($a)' }
    );
    expect(problemsOf(form, {})).toEqual([]);
    expect(problemsOf(form, { a: 'x' })).toEqual([{ type: 'required', questionId: 'b' }]);
    expect(problemsOf(form, { a: 'x', b: 'y' })).toEqual([]);
  });

  test('a required note, contact or photograph keeps nobody from going on', () => {
    const types = ['note', 'contact', 'photo'] as const;
    const form = formOf(
      ...types.map((type): Question => ({ id: type, type, text: { ru: type }, required: true }))
    );
    expect(problemsOf(form, {})).toEqual([]);
  });

  test('answers from outside that do not fit the form are told one by one', () => {
    const hostile = {
      q_kind: ['ngo'],
      q_needs5: ['training', 'none'],
      q_barriers: ['far', 'gold'],
      q_settlement: 3
    };
    expect(problemsOf(needsSurvey, hostile).map(({ type, questionId }) => [questionId, type])).toEqual([
      ['q_settlement', 'wrong_type'],
      ['q_kind', 'wrong_type'],
      ['q_needs5', 'exclusive_with_others'],
      ['q_barriers', 'unknown_option']
    ]);
  });

  test.each<[Question['type'], AnswerValue, string | null]>([
    ['date', '2022-11-23', null],
    ['date', '2022-02-30', 'wrong_type'],
    ['geopoint', { latitude: 62.5, longitude: 65.6 }, null],
    ['geopoint', { latitude: 92, longitude: 0 }, 'out_of_range'],
    ['rank', ['b', 'a'], null],
    ['rank', ['a', 'a'], 'unknown_option'],
    ['repeat', [{ name: 'Лодка', count: 2 }], null],
    ['repeat', [{ name: 'Лодка', count: 'две' }], 'wrong_type'],
    ['repeat', [{ name: 'Лодка' }, { name: 'Плот' }, { name: 'Баржа' }], 'too_many_choices'],
    ['rank', 'a', 'wrong_type'],
    ['photo', 'attachment-1', null]
  ])('%s takes what is its own: %#', (type, value, problem) => {
    const question: Question = {
      id: 'q',
      type,
      text: { ru: 'В' },
      maxChoices: 2,
      options: [
        { code: 'a', text: { ru: 'а' } },
        { code: 'b', text: { ru: 'б' } }
      ],
      fields: [
        { code: 'name', type: 'text', text: { ru: 'Что' } },
        { code: 'count', type: 'number', text: { ru: 'Сколько' } }
      ]
    };
    expect(problemsOf(formOf(question), { q: value }).map((found) => found.type)).toEqual(
      problem ? [problem] : []
    );
  });
});

describe('the summary', () => {
  test('says every question asked and every answer in words, settlements by name', () => {
    const answers = {
      q_settlement: 'stl-1',
      q_kind: 'other',
      'q_kind/other': 'Община',
      q_used: ['seminars'],
      q_sat: { seminars: 'r4' },
      q_nps: 9
    };
    const lines = summaryOf(needsSurvey, answers, 'ru', (_type, id) =>
      id === 'stl-1' ? 'с. Шеркалы' : undefined
    );
    const said = Object.fromEntries(lines.map((line) => [line.questionId, line.answer]));
    expect(said.q_settlement).toEqual(['с. Шеркалы']);
    expect(said.q_kind).toEqual(['Другое: Община']);
    expect(said.q_sat).toEqual(['Семинары: 4']);
    expect(said.q_nps).toEqual(['9 / 10']);
    expect(said.q_open).toEqual([]);
    expect(said).not.toHaveProperty('q_contact');
    expect(said).not.toHaveProperty('q_org');
  });

  test('reads a ranking by places, a group by its fields, a point in degrees, a day and a number as people write them', () => {
    const form = formOf(
      {
        id: 'order',
        type: 'rank',
        text: { ru: 'Порядок' },
        options: [
          { code: 'a', text: { ru: 'Дорога' } },
          { code: 'b', text: { ru: 'Связь' } },
          { code: 'c', text: { ru: 'Другое' }, other: true }
        ]
      },
      {
        id: 'boats',
        type: 'repeat',
        text: { ru: 'Лодки' },
        fields: [
          { code: 'name', type: 'text', text: { ru: 'Название' } },
          { code: 'count', type: 'number', text: { ru: 'Мест' } },
          { code: 'since', type: 'date', text: { ru: 'С какого дня' } }
        ]
      },
      { id: 'place', type: 'geopoint', text: { ru: 'Где' } },
      { id: 'day', type: 'date', text: { ru: 'Когда' } },
      { id: 'sum', type: 'number', text: { ru: 'Сколько' } }
    );
    const answers = {
      order: ['b', 'c'],
      'order/other': 'Свет',
      boats: [{ name: 'Обь', count: 4, since: '2025-06-01' }, { name: 'Сосьва' }],
      place: { latitude: 62.513412, longitude: 65.6, accuracy: 12.4 },
      day: '2026-11-23',
      sum: 1250.5
    };
    const said = summaryOf(form, answers, 'ru', () => undefined).map((line) => line.answer);
    expect(said).toEqual([
      ['1. Связь', '2. Другое: Свет'],
      ['Название: Обь; Мест: 4; С какого дня: 01.06.2025', 'Название: Сосьва'],
      ['62,51341; 65,6 (± 12 м)'],
      ['23.11.2026'],
      ['1\u00a0250,5']
    ]);
  });
});

describe('whatever is tapped', () => {
  const questions = needsSurvey.parts.flatMap((part) => part.questions);
  const codes = [
    ...new Set(questions.flatMap((question) => (question.options ?? []).map((option) => option.code)))
  ];
  const value: fc.Arbitrary<AnswerValue | null> = fc.oneof(
    fc.constant(null),
    fc.constantFrom(...codes),
    fc.integer({ min: -2, max: 12 }),
    fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 6 }),
    fc.dictionary(fc.constantFrom(...codes), fc.constantFrom('r1', 'r5', 'cannot_say'), { maxKeys: 3 })
  );
  // Values that fit are rare among all values, so half of the taps are made to fit.
  const tap = fc.oneof(
    fc.record({ id: fc.constantFrom(...questions.map((question) => question.id)), value }),
    fc.constantFrom(...questions.filter((question) => question.options)).chain((question) =>
      fc.record({
        id: fc.constant(question.id),
        value: fc
          .subarray((question.options ?? []).map((option) => option.code))
          .map((chosen): AnswerValue => (question.type === 'many' ? chosen : (chosen[0] ?? '')))
      })
    )
  );
  const taps = fc.array(tap, { maxLength: 40 });

  function tapped(list: readonly { readonly id: string; readonly value: AnswerValue | null }[]): SurveyState {
    return list.reduce((state, { id, value: given }) => give(state, id, given), first());
  }

  test('the response fits the form and can be stored', () => {
    fc.assert(
      fc.property(taps, (list) => {
        const response = responseOf(needsSurvey, tapped(list).answers);
        const wrong = problemsOf(needsSurvey, response).filter((problem) => problem.type !== 'constraint');
        expect(wrong).toEqual([]);
        expect(parseAnswers(JSON.parse(JSON.stringify(response)))).toEqual({ ok: true, value: response });
      })
    );
  });

  test('a response looked at again is the same response', () => {
    fc.assert(
      fc.property(taps, (list) => {
        const response = responseOf(needsSurvey, tapped(list).answers);
        expect(responseOf(needsSurvey, response)).toEqual(response);
      })
    );
  });

  test('hiding and showing again loses no answer', () => {
    fc.assert(
      fc.property(taps, (list) => {
        const state = give(give(tapped(list), 'q_needs5', ['training', 'info']), 'q_used', ['seminars']);
        const hidden = give(give(state, 'q_needs5', ['none']), 'q_used', ['none']);
        const shown = give(give(hidden, 'q_needs5', ['training', 'info']), 'q_used', ['seminars']);
        expect(responseOf(needsSurvey, shown.answers)).toEqual(responseOf(needsSurvey, state.answers));
      })
    );
  });

  test('walking forward visits exactly what is shown, and back the same way', () => {
    fc.assert(
      fc.property(taps, fc.constantFrom('first', 'more'), (list, part) => {
        let state = startSurvey(needsSurvey, part, tapped(list).answers);
        const shown = visibleQuestions(state).map((question) => question.id);
        const forward: string[] = [];
        while (state.current !== null) {
          forward.push(state.current);
          const { number, left } = progress(state);
          expect(number).toBe(forward.length);
          expect(number + left).toBeGreaterThanOrEqual(forward.length);
          state = goTo(state, nextQuestion(state)?.id ?? null);
        }
        expect(forward).toEqual(shown);
        const back: string[] = [];
        for (let question = previousQuestion(state); question !== null; question = previousQuestion(state)) {
          back.unshift(question.id);
          state = goTo(state, question.id);
        }
        expect(back).toEqual(shown);
      })
    );
  });
});
