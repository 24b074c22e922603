import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

export const ageBands = ['under_14', '14_17', '18_35', '36_54', '55_plus'] as const;

/** A person. Surname and first name are enough; no field for nationality, health or faith, ever. */
export const person = defineRecord({
  type: 'person',
  fields: {
    surname: field.line,
    name: field.line,
    patronymic: field.line,
    settlement: field.reference,
    organisation: field.reference,
    group: field.reference,
    position: field.line,
    phone: field.line,
    email: field.line,
    ageBand: field.oneOf(ageBands),
    note: field.text,
    erased: field.erased,
    deletedAt: field.instant
  },
  required: ['surname', 'name'],
  contested: ['surname', 'name', 'patronymic', 'phone', 'settlement', 'organisation'],
  // What stays is what the grant's indicators count: whose participation it was, without a name.
  personal: ['surname', 'name', 'patronymic', 'settlement', 'position', 'phone', 'email', 'ageBand', 'note'],
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['people']
});
