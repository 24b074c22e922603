import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** The sheet of a session: its closing, opening again and the count on paper. The id is the session's. */
export const sheet = defineRecord({
  type: 'sheet',
  fields: {
    closed: field.flag,
    at: field.instant,
    /** Totals as they stood when it was closed, for the history. */
    present: field.count,
    unmarked: field.count,
    /** How many signatures stand on the paper sheet («Сверка»). */
    paperCount: field.count,
    note: field.text
  },
  contested: ['closed', 'paperCount'],
  follows: { at: 'closed', present: 'closed', unmarked: 'closed' },
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['attendance'],
  parentOf: (id) => id
});
