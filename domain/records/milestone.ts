import { defineRecord, parentField } from './definition.ts';
import * as field from './field-schemas.ts';

/** A line of the project's calendar plan, planned against actual. */
export const milestone = defineRecord({
  type: 'milestone',
  fields: {
    project: field.reference,
    order: field.count,
    task: field.count,
    title: field.line,
    plannedFrom: field.day,
    plannedTo: field.day,
    actualFrom: field.day,
    actualTo: field.day,
    responsible: field.line,
    expected: field.text,
    state: field.oneOf(['planned', 'running', 'done', 'cancelled']),
    deviation: field.text,
    deletedAt: field.instant
  },
  required: ['project', 'title'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['reference'],
  parentOf: parentField('project')
});
