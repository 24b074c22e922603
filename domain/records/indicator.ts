import * as v from 'valibot';
import { defineRecord, parentField } from './definition.ts';
import * as field from './field-schemas.ts';

/** One indicator of a project: a counting rule over records with a target («не менее»). */
export const indicator = defineRecord({
  type: 'indicator',
  fields: {
    project: field.reference,
    order: field.count,
    /** Never shown to people. */
    code: field.line,
    title: field.line,
    /** For one line of several indicators: «Люди +3 · Соц. проектирование +3». */
    shortTitle: field.line,
    target: field.count,
    unit: field.oneOf(['people', 'organisations', 'groups', 'events']),
    /** Read by `indicators/rule.ts`, which parses it. */
    rule: v.record(v.string(), v.unknown()),
    deletedAt: field.instant
  },
  required: ['project', 'title', 'target', 'unit', 'rule'],
  contested: ['target', 'rule'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['reference'],
  parentOf: parentField('project')
});
