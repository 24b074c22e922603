import { describe, expect, it } from 'vitest';
import { needsSurvey } from '#domain/survey/needs-survey.ts';
import { needsWave2021 } from '#domain/survey/wave-comparison.ts';
import { resultLines } from './result-lines.ts';

const answers = [
  { answers: { q_needs5: ['training', 'info'] }, organisation: null },
  { answers: { q_needs5: ['training'] }, organisation: null }
];

describe('the downloaded tables of a survey', () => {
  const lines = resultLines(needsSurvey, answers, [needsWave2021], 'ru');

  it('counts each answer of each question, with percents of those who answered', () => {
    const asked = lines.filter((line) => line.question === lines.find((one) => one.count === 2)?.question);
    expect(asked.find(({ code }) => code === 'training')).toMatchObject({ count: 2, percent: 100 });
    expect(asked.find(({ code }) => code === 'info')).toMatchObject({ count: 1, percent: 50 });
  });

  it('sets the published percents only beside the question of that wave', () => {
    const published = lines.filter((line) => line.percentReported !== null);
    expect(published.length).toBeGreaterThan(0);
    expect(new Set(published.map((line) => line.question)).size).toBe(1);
  });

  it('leaves out questions that nobody answered', () => {
    expect(new Set(lines.map((line) => line.question)).size).toBe(1);
  });
});
