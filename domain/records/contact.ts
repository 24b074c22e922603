import { defineRecord, parentField } from './definition.ts';
import * as field from './field-schemas.ts';

/** A contact request left with a survey: a record of its own with its own consent, not linked to the answers. */
export const contact = defineRecord({
  type: 'contact',
  fields: {
    campaign: field.reference,
    name: field.line,
    phone: field.line,
    question: field.text,
    erased: field.erased,
    consentTextVersion: field.line,
    consentDate: field.day,
    state: field.oneOf(['new', 'called', 'closed']),
    deletedAt: field.instant
  },
  required: ['name', 'phone', 'consentTextVersion'],
  contested: ['phone'],
  personal: ['name', 'phone', 'question'],
  writers: ['respondent', 'field', 'coordinator', 'administrator'],
  streamsOf: () => ['office'],
  parentOf: parentField('campaign')
});
