import type { Form } from '#domain/survey/form.ts';
import { textIn } from '#domain/survey/summary.ts';
import { matrixRows, tabulate, type Tabulated, type TableRow } from '#domain/survey/tabulation.ts';
import { compareWithImported, type ImportedWave } from '#domain/survey/wave-comparison.ts';
import { answeredQuestions } from './results.ts';

/** One answer of one question, as a line of the downloaded table. Percents are of those who answered the question. */
export interface ResultLine {
  readonly question: string;
  /** Row of a matrix, empty for other questions. */
  readonly row: string;
  readonly code: string;
  /** Empty when the answer is the id of a record: its name is not the form's to know. */
  readonly answer: string;
  readonly count: number;
  readonly percent: number | null;
  /** What an earlier wave published about the same answer. */
  readonly percentReported: number | null;
}

/** All tables of a survey one under another, without cuts: nobody can be told from them. */
export function resultLines(
  form: Form,
  answers: readonly Tabulated[],
  waves: readonly ImportedWave[],
  language: 'ru' | 'en'
): readonly ResultLine[] {
  return answeredQuestions(form, answers).flatMap((question) => {
    const wave = waves.find((one) => one.questionId === question.id);
    const rows = question.type === 'matrix' ? matrixRows(form, question.id) : [undefined];
    return rows.flatMap((row) => {
      const table = tabulate(form, answers, question.id, row?.code);
      if (!table.ok) return [];
      const compared = wave === undefined ? [] : compareWithImported(form, table.value, wave).rows;
      return table.value.rows.map(({ code, text, people }: TableRow) => ({
        question: textIn(question.text, language),
        row: row === undefined ? '' : textIn(row.text, language),
        code,
        answer: text === null ? '' : textIn(text, language),
        count: people.count,
        percent: people.percent,
        percentReported: compared.find((one) => one.code === code)?.percentReported ?? null
      }));
    });
  });
}
