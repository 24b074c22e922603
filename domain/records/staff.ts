import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** Someone who works at the centre; the id is the user id that operations carry as `by`. */
export const staff = defineRecord({
  type: 'staff',
  fields: {
    name: field.line,
    position: field.line,
    phone: field.line,
    deletedAt: field.instant
  },
  required: ['name'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['reference']
});
