import * as v from 'valibot';
import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** One version of a questionnaire; the id is `form~version`. `survey/form.ts` parses the definition. A version never changes. */
export const form = defineRecord({
  type: 'form',
  fields: {
    form: field.reference,
    version: field.count,
    title: field.line,
    definition: v.record(v.string(), v.unknown()),
    deletedAt: field.instant
  },
  required: ['form', 'version', 'definition'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['reference']
});
