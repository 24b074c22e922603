import { defineRecord, parentInId, subjectInId } from './definition.ts';
import * as field from './field-schemas.ts';

/** A person's membership in a group or organisation; the id is literally `group-or-organisation~person`. */
export const membership = defineRecord({
  type: 'membership',
  fields: {
    /** `false` = no longer a member. The first touch sets it to `true`. */
    active: field.flag,
    role: field.line,
    from: field.day,
    to: field.day,
    erased: field.erased
  },
  required: ['active'],
  contested: ['active'],
  personal: ['role', 'from', 'to'],
  subjectsOf: subjectInId,
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['people'],
  parentOf: parentInId
});
