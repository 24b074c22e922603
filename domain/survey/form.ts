import * as v from 'valibot';
import { fail, ok } from '#domain/result.ts';
import type { Result } from '#domain/result.ts';
import { answerValueSchema } from './answers.ts';
import type { AnswerValue } from './answers.ts';
import { checkForm } from './form-checks.ts';
import type { FormProblem } from './form-checks.ts';

/** One text in every language of the form, by language code. */
export type Localised = Readonly<Record<string, string>>;

export const questionTypes = [
  'one',
  'many',
  'number',
  'text',
  'date',
  'scale',
  'matrix',
  'rank',
  'settlement',
  'organisation',
  'geopoint',
  'photo',
  'note',
  'repeat',
  // The place of the contact request: a screen of its own, whose data is a record apart and never an answer.
  'contact'
] as const;

export type QuestionType = (typeof questionTypes)[number];

/** Types that few forms ask: what shows them is a file of its own, loaded only with such a form. */
export const rareTypes: ReadonlySet<QuestionType> = new Set([
  'date',
  'rank',
  'geopoint',
  'photo',
  'repeat'
] as const);

export type Option = {
  readonly code: string;
  readonly text: Localised;
  /** Goes with no other option: «Ни в какой». */
  readonly exclusive?: boolean;
  /** Asks for a free text, kept under `otherKey(question)`: «Другое». */
  readonly other?: boolean;
};

/** A field of a repeated group. */
export type Field = {
  readonly code: string;
  readonly type: 'text' | 'number' | 'date';
  readonly text: Localised;
};

/** The ends of a scale, whole numbers, both included. */
export type Scale = {
  readonly min: number;
  readonly max: number;
  readonly minText: Localised;
  readonly maxText: Localised;
};

export type Question = {
  readonly id: string;
  readonly type: QuestionType;
  readonly text: Localised;
  readonly hint?: Localised;
  /** Choices of `one`, `many`, `rank`; columns of `matrix`; of `settlement` and `organisation` those beside the directory. */
  readonly options?: readonly Option[];
  /** Offers, before its own options, those chosen in that question (exclusive ones left out). */
  readonly optionsFrom?: string;
  /** Of `many` and `rank` so many options, of `repeat` so many groups. */
  readonly maxChoices?: number;
  readonly rows?: readonly Option[];
  /** Rows of a matrix: the options chosen in that question (exclusive ones left out). */
  readonly rowsFrom?: string;
  readonly scale?: Scale;
  readonly fields?: readonly Field[];
  /** In characters. */
  readonly maxLength?: number;
  /** Only whole numbers. */
  readonly whole?: boolean;
  /** Expressions, see `parseExpression`. A constraint is judged only when there is an answer. */
  readonly relevant?: string;
  readonly constraint?: string;
  readonly constraintText?: Localised;
  /** Never shown; its answer is the value of this expression. */
  readonly calculate?: string;
  readonly required?: boolean;
  readonly default?: AnswerValue;
  /** Wording and order are those of an earlier wave: comparison between waves rests on it. */
  readonly frozen?: boolean;
};

export type Part = {
  readonly id: string;
  readonly title: Localised;
  readonly questions: readonly Question[];
};

/** A version of a form. It never changes once a response was given with it. */
export type Form = {
  readonly id: string;
  readonly version: number;
  readonly languages: readonly string[];
  readonly title: Localised;
  /** Paragraphs; `{centre}` and the like are filled in by whoever shows them, with `fillText`. */
  readonly intro: readonly Localised[];
  readonly parts: readonly Part[];
};

const idSchema = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]*$/), v.maxLength(60));
const localisedSchema = v.record(v.string(), v.pipe(v.string(), v.maxLength(2000)));
const expressionSchema = v.pipe(v.string(), v.maxLength(1000));
const countSchema = v.pipe(v.number(), v.integer(), v.minValue(1));

const optionSchema = v.object({
  code: idSchema,
  text: localisedSchema,
  exclusive: v.exactOptional(v.boolean()),
  other: v.exactOptional(v.boolean())
});
const optionsSchema = v.pipe(v.array(optionSchema), v.maxLength(100));

const scaleSchema = v.pipe(
  v.object({
    min: v.pipe(v.number(), v.integer()),
    max: v.pipe(v.number(), v.integer()),
    minText: localisedSchema,
    maxText: localisedSchema
  }),
  v.check((scale) => scale.min < scale.max && scale.max - scale.min <= 20, 'A scale has 2 to 21 steps')
);

const questionSchema = v.object({
  id: idSchema,
  type: v.picklist(questionTypes),
  text: localisedSchema,
  hint: v.exactOptional(localisedSchema),
  options: v.exactOptional(optionsSchema),
  optionsFrom: v.exactOptional(idSchema),
  maxChoices: v.exactOptional(countSchema),
  rows: v.exactOptional(optionsSchema),
  rowsFrom: v.exactOptional(idSchema),
  scale: v.exactOptional(scaleSchema),
  fields: v.exactOptional(
    v.array(v.object({ code: idSchema, type: v.picklist(['text', 'number', 'date']), text: localisedSchema }))
  ),
  maxLength: v.exactOptional(v.pipe(countSchema, v.maxValue(5000))),
  whole: v.exactOptional(v.boolean()),
  relevant: v.exactOptional(expressionSchema),
  constraint: v.exactOptional(expressionSchema),
  constraintText: v.exactOptional(localisedSchema),
  calculate: v.exactOptional(expressionSchema),
  required: v.exactOptional(v.boolean()),
  default: v.exactOptional(answerValueSchema),
  frozen: v.exactOptional(v.boolean())
});

/** The shape of a form alone; `parseForm` checks its logic too. */
export const formSchema = v.object({
  id: idSchema,
  version: countSchema,
  languages: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z]{2,3}$/))), v.minLength(1)),
  title: localisedSchema,
  intro: v.array(localisedSchema),
  parts: v.pipe(
    v.array(
      v.object({
        id: idSchema,
        title: localisedSchema,
        questions: v.pipe(v.array(questionSchema), v.minLength(1), v.maxLength(200))
      })
    ),
    v.minLength(1)
  )
});

/**
 * A form from outside (network, storage, an editor): its shape, then what a shape cannot say (`checkForm`).
 * The problems are plain English with the place they are at.
 */
export function parseForm(input: unknown): Result<Form, readonly FormProblem[]> {
  const parsed = v.safeParse(formSchema, input);
  if (!parsed.success) {
    return fail(
      parsed.issues.map((issue) => ({
        type: 'wrong_shape',
        where: v.getDotPath(issue) ?? 'form',
        message: issue.message
      }))
    );
  }
  const problems = checkForm(parsed.output);
  return problems.length > 0 ? fail(problems) : ok(parsed.output);
}
