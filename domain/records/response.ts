import * as v from 'valibot';
import { defineRecord, parentField } from './definition.ts';
import * as field from './field-schemas.ts';

/** One filled questionnaire, pinned to its form version. Nothing in it names the respondent. */
export const response = defineRecord({
  type: 'response',
  fields: {
    campaign: field.reference,
    /** The form version's record (`form~version`). */
    form: field.reference,
    version: field.count,
    /** Question id → answer; `survey/engine.ts` makes and reads it. */
    answers: v.record(v.string(), v.unknown()),
    settlement: field.reference,
    /** The number for talking with a person («КЕДР-417»); it opens nothing. */
    code: field.line,
    language: field.oneOf(['ru', 'en']),
    startedAt: field.instant,
    finishedAt: field.instant,
    /** The respondent's phone, to which a remark can be returned. */
    device: field.reference,
    /** Filled by a worker from somebody's words. */
    assisted: field.flag,
    deletedAt: field.instant
  },
  required: ['campaign', 'form', 'version', 'answers'],
  contested: ['answers'],
  writers: ['respondent', 'field', 'coordinator', 'administrator'],
  streamsOf: () => ['answers'],
  parentOf: parentField('campaign')
});
