import { defineRecord, parentField } from './definition.ts';
import * as field from './field-schemas.ts';

/** A publication about the project: a post, an article, a broadcast; «упомянут ли грант» and the picture of that day. */
export const publication = defineRecord({
  type: 'publication',
  fields: {
    project: field.reference,
    event: field.reference,
    kind: field.oneOf(['post', 'article', 'broadcast', 'site', 'other']),
    title: field.line,
    address: field.line,
    date: field.day,
    /** People reached, as the place of publication tells it. */
    reach: field.count,
    mentionsGrant: field.flag,
    /** The day on which somebody opened it and saw it there. */
    seenOn: field.day,
    deletedAt: field.instant
  },
  required: ['project', 'title'],
  contested: ['address', 'date'],
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['reference'],
  parentOf: parentField('project')
});
