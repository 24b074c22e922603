import * as v from 'valibot';
import { subjects } from '#domain/records/event.ts';
import { fail, ok, type Result } from '#domain/result.ts';

const day = v.pipe(v.string(), v.isoDate('a day is YYYY-MM-DD'));
const anySubjects = v.optional(v.pipe(v.array(v.picklist(subjects)), v.minLength(1)));

/** People present at sessions of events. What is left out means «any». */
const attendanceSource = v.strictObject({
  records: v.literal('attendance'),
  eventKinds: v.optional(
    v.pipe(
      v.array(v.picklist(['seminar', 'school', 'practical_work', 'meeting', 'webinar', 'trip'])),
      v.minLength(1)
    )
  ),
  subjects: anySubjects
});

/** Consultations and services; their subjects are their own and those of their topics. */
const consultationSource = v.strictObject({
  records: v.literal('consultation'),
  kinds: v.optional(v.pipe(v.array(v.picklist(['consultation', 'service'])), v.minLength(1))),
  subjects: anySubjects
});

/**
 * How an indicator counts, as data: which different things, from which records, and what each of them must have.
 * Several sources mean «any of them». Dates are those of the project unless the rule narrows them.
 */
export const indicatorRuleSchema = v.strictObject({
  count: v.picklist(['people', 'organisations', 'groups', 'events']),
  from: v.pipe(v.array(v.variant('records', [attendanceSource, consultationSource])), v.minLength(1)),
  /** Only organisations of these kinds: `['ngo']` = СО НКО. */
  organisationKinds: v.optional(
    v.pipe(v.array(v.picklist(['ngo', 'municipal', 'unregistered', 'other'])), v.minLength(1))
  ),
  /** Different people with a name that each group or organisation must have among its records. */
  minimumPeople: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))),
  period: v.optional(v.strictObject({ from: day, to: day }))
});

export type IndicatorRule = v.InferOutput<typeof indicatorRuleSchema>;
export type RuleSource = IndicatorRule['from'][number];
export type IndicatorUnit = IndicatorRule['count'];

export type RuleError = { readonly type: 'invalid_rule'; readonly message: string };

/** The rule of an indicator record. An indicator whose rule cannot be read is shown as such and counts nothing. */
export function parseIndicatorRule(value: unknown): Result<IndicatorRule, RuleError> {
  const parsed = v.safeParse(indicatorRuleSchema, value);
  return parsed.success
    ? ok(parsed.output)
    : fail({ type: 'invalid_rule', message: parsed.issues[0].message });
}
