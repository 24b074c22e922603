import * as v from 'valibot';
import { fail, ok, type Result } from '#domain/result.ts';
import { formSchema, type Form } from './form.ts';

/** What the server puts into the page of a survey link: everything that filling in needs, without a further request. */
export interface SurveyPageData {
  readonly link: string;
  readonly language: string;
  /** Languages in which the form is complete. */
  readonly languages: readonly string[];
  readonly campaign: {
    readonly id: string;
    readonly title: string;
    readonly description: string;
    /** First and last day, `YYYY-MM-DD`. */
    readonly from: string | null;
    readonly to: string | null;
    readonly asks: string;
    readonly contactName: string;
    readonly phone: string;
    readonly resultsNote: string;
    /** «Что сделано по прошлым ответам», one line a deed; empty = nothing to tell. */
    readonly doneNote: string;
    /** The survey has ended: nothing new is begun, what waits on the phone still goes. */
    readonly isClosed: boolean;
  };
  /** The version that answers are pinned to, in one language, its intro told with the campaign's own words. */
  readonly form: Form;
  readonly settlements: readonly { readonly id: string; readonly name: string }[];
  readonly centre: {
    readonly name: string;
    readonly phone: string;
    readonly timeZone: string;
    readonly demo: boolean;
  };
}

const text = v.string();
const day = v.nullable(v.string());
const schema = v.object({
  link: text,
  language: text,
  languages: v.array(text),
  campaign: v.object({
    id: text,
    title: text,
    description: text,
    from: day,
    to: day,
    asks: text,
    contactName: text,
    phone: text,
    resultsNote: text,
    doneNote: v.optional(text, ''),
    isClosed: v.optional(v.boolean(), false)
  }),
  // The server has checked the form's logic; here only its shape matters.
  form: formSchema,
  settlements: v.array(v.object({ id: text, name: text })),
  centre: v.object({ name: text, phone: text, timeZone: text, demo: v.boolean() })
});

/** Parses the page's data. Fails when the page is broken or was made by a much newer server. */
export function parseSurveyPageData(input: unknown): Result<SurveyPageData, { type: 'wrong_shape' }> {
  const parsed = v.safeParse(schema, input);
  return parsed.success ? ok(parsed.output) : fail({ type: 'wrong_shape' });
}
