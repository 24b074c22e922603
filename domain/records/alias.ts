import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/**
 * Merging two people (or two cards of an organisation) as one: the id is the loser's id. No record is moved, so a merge
 * can be undone by emptying `of`. Reads fold the group's rows.
 */
export const alias = defineRecord({
  type: 'alias',
  fields: {
    kind: field.oneOf(['person', 'organisation', 'event']),
    /** The card that stands. */
    of: field.reference,
    /** «Это разные люди»: ids that are certainly not the same person. */
    differs: field.list(field.reference, 50)
  },
  contested: ['of'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['people'],
  parentOf: (_id, values) => (typeof values['of'] === 'string' ? values['of'] : undefined)
});
