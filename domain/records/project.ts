import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** The grant project's passport. The title is kept verbatim, as in the grant agreement. */
export const project = defineRecord({
  type: 'project',
  fields: {
    title: field.line,
    from: field.day,
    to: field.day,
    state: field.oneOf(['planned', 'running', 'closed']),
    funding: field.line,
    total: field.kopecks,
    grant: field.kopecks,
    cofinancing: field.kopecks,
    cofinancingConfirmed: field.kopecks,
    goals: field.list(field.text, 20),
    tasks: field.list(field.text, 20),
    audiences: field.list(field.line, 20),
    geography: field.line,
    implementer: field.line,
    description: field.text,
    /** Where the figures come from, shown under the passport. */
    source: field.text,
    deletedAt: field.instant
  },
  required: ['title', 'from', 'to'],
  contested: ['title', 'from', 'to'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['reference']
});
