import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** An initiative group: people who act together without registration. Its members are `membership` records. */
export const group = defineRecord({
  type: 'group',
  fields: {
    name: field.line,
    settlement: field.reference,
    leader: field.reference,
    idea: field.text,
    stage: field.oneOf(['idea', 'meeting_held', 'papers_ready', 'submitted', 'registered', 'refused']),
    /** The organisation that the group became, once registered. */
    organisation: field.reference,
    deletedAt: field.instant
  },
  required: ['name'],
  contested: ['name', 'stage'],
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['reference']
});
