import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/**
 * An organisation. Only `ngo` is a СО НКО; a municipal institution has requisites too but is not counted as one.
 * ИНН is no key: primary branches share the ИНН of their parent.
 */
export const organisation = defineRecord({
  type: 'organisation',
  fields: {
    name: field.line,
    shortName: field.line,
    kind: field.oneOf(['ngo', 'municipal', 'unregistered', 'other']),
    legalForm: field.line,
    inn: field.line,
    ogrn: field.line,
    settlement: field.reference,
    phone: field.line,
    email: field.line,
    note: field.text,
    deletedAt: field.instant
  },
  required: ['name'],
  contested: ['name', 'kind', 'inn', 'ogrn'],
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['reference']
});
