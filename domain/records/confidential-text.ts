import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** The confidential words of a consultation; same id. Only its author and the coordinator read it. */
export const confidentialText = defineRecord({
  type: 'confidential_text',
  fields: {
    author: field.userId,
    request: field.text,
    advice: field.text,
    erased: field.erased,
    deletedAt: field.instant
  },
  required: ['author'],
  contested: ['request', 'advice'],
  personal: ['request', 'advice'],
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: (_id, values) =>
    typeof values['author'] === 'string' ? ['office', `private/${values['author']}`] : ['office'],
  parentOf: (id) => id
});
