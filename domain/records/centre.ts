import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** The centre itself: name, telephone, time zone, texts for print. One record with the id `centre`. */
export const centre = defineRecord({
  type: 'centre',
  fields: {
    name: field.line,
    shortName: field.line,
    phone: field.line,
    email: field.line,
    address: field.line,
    /** IANA name; it decides what «сегодня» is. */
    timeZone: field.line,
    /** Printed on sheets and posters («с использованием гранта…»). */
    grantLine: field.line,
    /** Marks the demonstration centre: its people and organisations are invented. */
    demo: field.flag
  },
  required: ['name', 'timeZone'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['reference']
});
