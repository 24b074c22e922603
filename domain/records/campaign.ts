import * as v from 'valibot';
import { defineRecord, parentField } from './definition.ts';
import * as field from './field-schemas.ts';

/** A survey (опрос): one form asked of people by one link. Also a wave known only as published percentages. */
export const campaign = defineRecord({
  type: 'campaign',
  fields: {
    project: field.reference,
    title: field.line,
    /** What messengers show under the title. */
    description: field.text,
    /** The form version's record (`form~version`). */
    form: field.reference,
    version: field.count,
    from: field.day,
    to: field.day,
    state: field.oneOf(['draft', 'open', 'closed']),
    /** The secret part of the link's path. Whoever has it may answer. */
    link: field.line,
    /** Who asks, shown on every page with the telephone. */
    asks: field.line,
    phone: field.line,
    contactName: field.line,
    resultsNote: field.line,
    /** «Что сделано по прошлым ответам»: a few lines for those who answered before. */
    doneNote: field.text,
    /** A wave imported as published aggregates; `survey/wave-comparison.ts` parses it. */
    imported: v.record(v.string(), v.unknown()),
    deletedAt: field.instant
  },
  required: ['title'],
  contested: ['title', 'state', 'to'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['reference'],
  parentOf: parentField('project')
});
