import { defineRecord } from './definition.ts';
import { subjects } from './event.ts';
import * as field from './field-schemas.ts';

/** A topic of the centre's directory; its subject is what indicators count by. */
export const topic = defineRecord({
  type: 'topic',
  fields: {
    title: field.line,
    parent: field.reference,
    order: field.count,
    subject: field.oneOf(subjects),
    deletedAt: field.instant
  },
  required: ['title'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['reference'],
  parentOf: (_id, values) => (typeof values['parent'] === 'string' ? values['parent'] : undefined)
});
