import * as v from 'valibot';
import { defineRecord, parentField } from './definition.ts';
import * as field from './field-schemas.ts';

/** One sitting of an event («занятие 2 из 3»); it has one attendance sheet. */
export const session = defineRecord({
  type: 'session',
  fields: {
    event: field.reference,
    number: field.count,
    date: field.day,
    start: field.timeOfDay,
    end: field.timeOfDay,
    topic: field.line,
    venue: field.line,
    hours: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
    deletedAt: field.instant
  },
  required: ['event', 'date'],
  contested: ['date', 'start'],
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['reference'],
  parentOf: parentField('event')
});
