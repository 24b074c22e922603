import { defineRecord, parentField, subjectField } from './definition.ts';
import * as field from './field-schemas.ts';

/** A consent to keep someone's data (152-ФЗ): a document of its own with the version of its text. */
export const consent = defineRecord({
  type: 'consent',
  fields: {
    person: field.reference,
    kind: field.oneOf(['processing', 'photo', 'publication', 'parent']),
    state: field.oneOf(['given', 'refused', 'withdrawn', 'awaited']),
    textVersion: field.line,
    method: field.oneOf(['paper', 'screen']),
    date: field.day,
    withdrawnOn: field.day,
    takenBy: field.userId,
    note: field.line,
    erased: field.erased,
    deletedAt: field.instant
  },
  required: ['person', 'kind', 'state'],
  contested: ['state'],
  // That there was a consent and when it ended is the centre's own proof; the paper names the person.
  personal: ['note'],
  subjectsOf: subjectField('person'),
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['people'],
  parentOf: parentField('person')
});
