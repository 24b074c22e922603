import * as v from 'valibot';
import { fail, ok } from '#domain/result.ts';
import type { Result } from '#domain/result.ts';

/**
 * One answer. `string` is an option's code, a text, a plain date or a directory id; a list is `many` and `rank`
 * (codes, in order); an object is `matrix` (row → column) and `geopoint`; a list of objects is `repeat`.
 */
export type AnswerValue = string | number | readonly string[] | AnswerFields | readonly AnswerFields[];

export type AnswerFields = Readonly<Record<string, string | number>>;

/** Answers by question id; the free text of an «other» option stands under `otherKey(id)`. No key: not answered. */
export type Answers = Readonly<Record<string, AnswerValue>>;

/** What a phone keeps between two openings of the page; resumed only with the same version of the form. */
export type Draft = {
  readonly formId: string;
  readonly formVersion: number;
  readonly part: string;
  readonly current: string | null;
  readonly answers: Answers;
};

const longestText = 5000;
const mostItems = 200;

const codeSchema = v.pipe(v.string(), v.maxLength(longestText));
const numberSchema = v.pipe(v.number(), v.finite());
const fieldsSchema = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(64)), v.union([codeSchema, numberSchema])),
  v.check((fields) => Object.keys(fields).length <= mostItems, 'Too many fields')
);

/** One stored answer of any type of question. */
export const answerValueSchema = v.union([
  codeSchema,
  numberSchema,
  v.pipe(v.array(codeSchema), v.maxLength(mostItems)),
  v.pipe(v.array(fieldsSchema), v.maxLength(mostItems)),
  fieldsSchema
]);

const answersSchema = v.pipe(
  v.record(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]*(\/other)?$/), v.maxLength(70)), answerValueSchema),
  v.check((answers) => Object.keys(answers).length <= 2 * mostItems, 'Too many answers')
);

const draftSchema = v.object({
  formId: v.string(),
  formVersion: v.number(),
  part: v.string(),
  current: v.nullable(v.string()),
  answers: answersSchema
});

/** Answers as stored and sent: shapes only; whether they fit the form is `problemsOf`. */
export function parseAnswers(input: unknown): Result<Answers, { readonly type: 'wrong_shape' }> {
  const parsed = v.safeParse(answersSchema, input);
  return parsed.success ? ok(parsed.output) : fail({ type: 'wrong_shape' });
}

/** A draft read back from the phone's storage. */
export function parseDraft(input: unknown): Result<Draft, { readonly type: 'wrong_shape' }> {
  const parsed = v.safeParse(draftSchema, input);
  return parsed.success ? ok(parsed.output) : fail({ type: 'wrong_shape' });
}
