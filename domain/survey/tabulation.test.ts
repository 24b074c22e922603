import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answers } from './answers.ts';
import type { Result } from '#domain/result.ts';
import type { Question } from './form.ts';
import { needsSurvey } from './needs-survey.ts';
import { leastInCut, matrixRows, organisationOf, tabulate, tabulateByCut } from './tabulation.ts';
import type { QuestionTable, Tabulated } from './tabulation.ts';
import { compareWithImported, needsWave2021, parseImportedWave } from './wave-comparison.ts';

function of(answers: Answers, organisation: string | null = null): Tabulated {
  return { answers, organisation };
}

function times(count: number, answers: Answers): readonly Tabulated[] {
  return Array.from({ length: count }, () => of(answers));
}

function value<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function rowOf(table: QuestionTable, code: string) {
  return table.rows.find((row) => row.code === code);
}

describe('counting a question', () => {
  const responses = [
    of({ q_needs5: ['training', 'info'] }, 'veterans'),
    of({ q_needs5: ['training'] }, 'veterans'),
    of({ q_needs5: ['material', 'training'] }, 'berry'),
    of({ q_needs5: ['none'] }),
    of({ q_kind: 'self' })
  ];

  test('percents are of those who answered and do not add up to 100', () => {
    const table = value(tabulate(needsSurvey, responses, 'q_needs5'));
    expect(table.base).toEqual({ people: 4, organisations: 2 });
    expect(rowOf(table, 'training')?.people).toEqual({ count: 3, percent: 75 });
    expect(rowOf(table, 'info')?.people).toEqual({ count: 1, percent: 25 });
    expect(rowOf(table, 'consulting')?.people).toEqual({ count: 0, percent: 0 });
    expect(table.rows.map((row) => row.code).slice(0, 2)).toEqual(['material', 'training']);
  });

  test('an organisation counts once, when one of its people chose the answer', () => {
    const table = value(tabulate(needsSurvey, responses, 'q_needs5'));
    expect(rowOf(table, 'training')?.organisations).toEqual({ count: 2, percent: 100 });
    expect(rowOf(table, 'info')?.organisations).toEqual({ count: 1, percent: 50 });
  });

  test('an answer to a question that was not asked is not counted', () => {
    const table = value(
      tabulate(needsSurvey, [of({ q_kind: 'self', q_group_plan: 'later' })], 'q_group_plan')
    );
    expect(table.base.people).toBe(0);
    expect(rowOf(table, 'later')?.people).toEqual({ count: 0, percent: null });
  });

  test('scales have every step and a mean; a number only the values given', () => {
    const rated = [of({ q_self: 5 }), of({ q_self: 2 })];
    const table = value(tabulate(needsSurvey, rated, 'q_self'));
    expect(table.rows.map((row) => row.code)).toEqual(['1', '2', '3', '4', '5']);
    expect(table.mean).toBe(3.5);
    const sizes = [10, 9, 10].map((size) => of({ q_kind: 'group', q_group_size: size }));
    expect(
      value(tabulate(needsSurvey, sizes, 'q_group_size')).rows.map((row) => [row.code, row.people.count])
    ).toEqual([
      ['9', 1],
      ['10', 2]
    ]);
  });

  test('a matrix is counted by its rows, the first need by the options of the needs', () => {
    expect(matrixRows(needsSurvey, 'q_sat').map((row) => row.code)).toContain('seminars');
    const rated = [
      of({ q_used: ['seminars'], q_sat: { seminars: 'r5' } }),
      of({ q_used: ['seminars', 'news'], q_sat: { news: 'r1' } })
    ];
    const table = value(tabulate(needsSurvey, rated, 'q_sat', 'seminars'));
    expect(table.base.people).toBe(1);
    expect(rowOf(table, 'r5')?.people.count).toBe(1);
    const top = [of({ q_needs5: ['training', 'info'], q_top1: 'info' })];
    const needs = value(tabulate(needsSurvey, top, 'q_top1'));
    expect(needs.rows.map((row) => row.code)).toEqual([
      'material',
      'training',
      'project_design',
      'consulting',
      'info'
    ]);
    expect(rowOf(needs, 'info')?.text?.ru).toBe('Информационные услуги');
  });

  test('of texts only how many were written', () => {
    const table = value(tabulate(needsSurvey, [of({ q_open: 'Спасибо' })], 'q_open'));
    expect([table.base.people, table.rows]).toEqual([1, []]);
  });

  test('the organisation of a response is its id, or the name as typed whatever its quotes and case', () => {
    const named = (answers: Answers) => organisationOf(needsSurvey, { q_kind: 'ngo', ...answers });
    expect(named({ q_org: 'org-7' })).toBe('org-7');
    expect(named({ q_org: 'undisclosed' })).toBeNull();
    expect(named({ q_org: 'other', 'q_org/other': 'ТОС «Зелёный берег»' })).toBe('typed:тосзеленыйберег');
    expect(named({ q_org: 'other', 'q_org/other': 'тос "зеленый  Берег"' })).toBe('typed:тосзеленыйберег');
    expect(named({ q_org: 'org-7', q_kind: 'self' })).toBeNull();
    expect(named({})).toBeNull();
  });

  test('an unknown question is an error', () => {
    expect(tabulate(needsSurvey, [], 'q_zzz')).toEqual({
      ok: false,
      error: { type: 'unknown_question', questionId: 'q_zzz' }
    });
  });
});

describe('cuts', () => {
  const from = (settlement: string, count: number) =>
    times(count, { q_settlement: settlement, q_needs5: ['training'] });

  function states(responses: readonly Tabulated[]): Record<string, string> {
    const { cuts } = value(tabulateByCut(needsSurvey, responses, 'q_needs5', 'q_settlement'));
    return Object.fromEntries(
      cuts.map((cut) => [String(cut.code), cut.hidden ?? String(cut.table.base.people)])
    );
  }

  test('cuts of five and more are shown', () => {
    expect(states([...from('sherkaly', 5), ...from('priobye', 9)])).toEqual({ sherkaly: '5', priobye: '9' });
  });

  test('one cut under five takes the next smallest with it, or the total would tell it', () => {
    expect(states([...from('sherkaly', 3), ...from('priobye', 9), ...from('andra', 6)])).toEqual({
      sherkaly: 'too_few',
      andra: 'complementary',
      priobye: '9'
    });
  });

  test('two that together make five hide nothing more; two that do not, one more', () => {
    expect(states([...from('a', 2), ...from('b', 3), ...from('c', 6)])).toEqual({
      a: 'too_few',
      b: 'too_few',
      c: '6'
    });
    expect(states([...from('a', 1), ...from('b', 2), ...from('c', 6), ...from('d', 7)])).toEqual({
      a: 'too_few',
      b: 'too_few',
      c: 'complementary',
      d: '7'
    });
  });

  test('those who named no settlement are a cut too', () => {
    const nowhere = times(2, { q_needs5: ['info'] });
    expect(states([...from('a', 8), ...from('b', 9), ...nowhere])).toEqual({
      a: 'complementary',
      b: '9',
      null: 'too_few'
    });
  });

  test('a choice of several cannot cut: people would stand in two cuts', () => {
    expect(tabulateByCut(needsSurvey, [], 'q_needs5', 'q_field')).toEqual({
      ok: false,
      error: { type: 'not_a_cut', questionId: 'q_field' }
    });
  });

  test('from the total and the cuts shown, no group under five can be worked out', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 }), (sizes) => {
        const responses = sizes.flatMap((size, index) => from(`s${index}`, size));
        const { total, cuts } = value(tabulateByCut(needsSurvey, responses, 'q_needs5', 'q_settlement'));
        const shown = cuts.flatMap((cut) => (cut.table === null ? [] : [cut.table.base.people]));
        const rest = total.base.people - shown.reduce((sum, size) => sum + size, 0);
        expect(shown.every((size) => size >= leastInCut)).toBe(true);
        if (shown.length > 0) expect(rest === 0 || rest >= leastInCut).toBe(true);
        expect(cuts.filter((cut) => cut.hidden !== null).length === 1 && shown.length > 0).toBe(false);
      })
    );
  });
});

describe('wave against wave', () => {
  const responses = [...times(3, { q_needs5: ['training', 'info'] }), ...times(1, { q_needs5: ['none'] })];
  const table = value(tabulate(needsSurvey, responses, 'q_needs5'));

  test('differences are in percentage points, with the note that the bases differ', () => {
    const comparison = compareWithImported(needsSurvey, table, needsWave2021);
    expect(comparison.notes).toEqual(['bases_differ']);
    expect(comparison.baseReported).toBe('38 СОНКО');
    expect(comparison.rows.map((row) => [row.code, row.percentReported, row.differencePoints])).toEqual([
      ['material', 5, -5],
      ['training', 70, 5],
      ['project_design', 82, -82],
      ['consulting', 15, -15],
      ['info', 52, 23],
      ['none', null, null],
      ['hard_to_say', null, null]
    ]);
  });

  test.each<[string, (question: Question) => Question]>([
    ['reordered', (question) => ({ ...question, options: [...(question.options ?? [])].reverse() })],
    ['no longer frozen', (question) => ({ ...question, frozen: false })]
  ])('a question that is %s is not compared', (_what, change) => {
    const parts = needsSurvey.parts.map((part) => ({ ...part, questions: part.questions.map(change) }));
    const comparison = compareWithImported({ ...needsSurvey, parts }, table, needsWave2021);
    expect(comparison.notes).toEqual(['bases_differ', 'wording_changed']);
    expect(comparison.rows.every((row) => row.differencePoints === null)).toBe(true);
  });

  test('an imported wave is read back from a record, and nothing else is', () => {
    expect(parseImportedWave(JSON.parse(JSON.stringify(needsWave2021)))).toEqual({
      ok: true,
      value: needsWave2021
    });
    expect(parseImportedWave({ ...needsWave2021, raw: true }).ok).toBe(false);
    expect(parseImportedWave({ ...needsWave2021, rows: [{ code: 'a', percentReported: 101 }] }).ok).toBe(
      false
    );
  });
});
