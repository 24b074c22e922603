import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** A remark with which something was returned: a task for the person who made it, at that person's devices. */
export const remark = defineRecord({
  type: 'remark',
  fields: {
    /** Whose task it is: a user id. */
    to: field.userId,
    targetType: field.oneOf(['sheet', 'consultation', 'response']),
    target: field.reference,
    text: field.text,
    from: field.userId,
    at: field.instant,
    done: field.flag,
    answer: field.text,
    deletedAt: field.instant
  },
  required: ['to', 'text', 'target'],
  contested: ['text'],
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: (_id, values) =>
    typeof values['to'] === 'string' ? ['office', `private/${values['to']}`] : ['office'],
  parentOf: (_id, values) => (typeof values['target'] === 'string' ? values['target'] : undefined)
});
