import * as v from 'valibot';
import { fail, ok } from '#domain/result.ts';
import type { Result } from '#domain/result.ts';
import type { Form, Localised } from './form.ts';
import { needsSurvey } from './needs-survey.ts';
import type { QuestionTable, Share } from './tabulation.ts';

/** A wave known only by its published percents: there are no answers behind it, and none may be made up. */
export type ImportedWave = {
  readonly wave: string;
  readonly formId: string;
  readonly questionId: string;
  /** As published; it explains no percent. */
  readonly baseReported: string;
  /** The number of respondents, when it is known. */
  readonly baseExact: number | null;
  readonly raw: false;
  readonly rows: readonly { readonly code: string; readonly percentReported: number }[];
};

const line = v.pipe(v.string(), v.nonEmpty(), v.maxLength(200));

const importedWaveSchema = v.object({
  wave: line,
  formId: line,
  questionId: line,
  baseReported: line,
  baseExact: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  raw: v.literal(false),
  rows: v.pipe(
    v.array(v.object({ code: line, percentReported: v.pipe(v.number(), v.minValue(0), v.maxValue(100)) })),
    v.minLength(1),
    v.maxLength(100)
  )
});

/** Reads the `imported` field of a campaign. */
export function parseImportedWave(input: unknown): Result<ImportedWave, { readonly type: 'wrong_shape' }> {
  const parsed = v.safeParse(importedWaveSchema, input);
  return parsed.success ? ok(parsed.output) : fail({ type: 'wrong_shape' });
}

/** The study of 2021. Its percents cannot come from 38 answers, so that its base stays as reported. */
export const needsWave2021: ImportedWave = {
  wave: '2021',
  formId: needsSurvey.id,
  questionId: 'q_needs5',
  baseReported: '38 СОНКО',
  baseExact: null,
  raw: false,
  rows: [
    { code: 'material', percentReported: 5 },
    { code: 'training', percentReported: 70 },
    { code: 'project_design', percentReported: 82 },
    { code: 'consulting', percentReported: 15 },
    { code: 'info', percentReported: 52 }
  ]
};

export type ComparisonRow = {
  readonly code: string;
  readonly text: Localised | null;
  readonly percentReported: number | null;
  readonly people: Share;
  readonly organisations: Share;
  /** Percent of people now less the reported one, in percentage points, not rounded; `null`: nothing to compare. */
  readonly differencePoints: number | null;
};

export type WaveComparison = {
  readonly baseReported: string;
  readonly base: QuestionTable['base'];
  readonly rows: readonly ComparisonRow[];
  /** `bases_differ`: people now, «as reported» then. `wording_changed`: the question is no longer the frozen one. */
  readonly notes: readonly ('bases_differ' | 'wording_changed')[];
};

/**
 * The answers of today against an imported wave. Options that the wave did not have stand without a difference; when
 * the question is no longer frozen or its first options are not the wave's in their order, no difference is given.
 */
export function compareWithImported(
  form: Form,
  table: QuestionTable,
  imported: ImportedWave
): WaveComparison {
  const question = form.parts
    .flatMap((part) => part.questions)
    .find((candidate) => candidate.id === imported.questionId);
  const sameWording =
    form.id === imported.formId &&
    table.questionId === imported.questionId &&
    question?.frozen === true &&
    imported.rows.every((row, index) => question.options?.[index]?.code === row.code);
  const reported = new Map(imported.rows.map((row) => [row.code, row.percentReported]));
  const rows = table.rows.map((row): ComparisonRow => {
    const percentReported = reported.get(row.code) ?? null;
    const comparable = sameWording && percentReported !== null && row.people.percent !== null;
    return {
      ...row,
      percentReported,
      differencePoints: comparable ? (row.people.percent ?? 0) - percentReported : null
    };
  });
  const basesDiffer = imported.baseExact !== table.base.people;
  return {
    baseReported: imported.baseReported,
    base: table.base,
    rows,
    notes: [
      ...(basesDiffer ? ['bases_differ' as const] : []),
      ...(sameWording ? [] : ['wording_changed' as const])
    ]
  };
}
