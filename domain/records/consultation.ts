import { defineRecord, parentField, subjectField } from './definition.ts';
import { subjects } from './event.ts';
import * as field from './field-schemas.ts';

export const channels = ['in_person', 'phone', 'video', 'messenger', 'email', 'trip'] as const;
export const services = ['printing', 'projector', 'room', 'phone_reference', 'transport', 'other'] as const;

/**
 * A consultation or a ten-second service, without its confidential text (that is a `confidential_text` record).
 * This is the countable part: everybody entitled to consultations reads it.
 */
export const consultation = defineRecord({
  type: 'consultation',
  fields: {
    kind: field.oneOf(['consultation', 'service']),
    service: field.oneOf(services),
    project: field.reference,
    event: field.reference,
    /** Whom it was for: exactly one of the three is set. */
    organisation: field.reference,
    group: field.reference,
    person: field.reference,
    /** People present: for a group its ticked members. */
    people: field.list(field.reference, 100),
    /** People served without a name. */
    nameless: field.count,
    settlement: field.reference,
    date: field.day,
    minutes: field.count,
    channel: field.oneOf(channels),
    topics: field.list(field.reference, 20),
    subjects: field.list(field.oneOf(subjects), 10),
    request: field.text,
    advice: field.text,
    result: field.text,
    followUp: field.line,
    followUpDate: field.day,
    followUpDone: field.flag,
    confidential: field.flag,
    /** The consultant: a user id. */
    author: field.userId,
    erased: field.erased,
    deletedAt: field.instant
  },
  required: ['date', 'author'],
  contested: ['date', 'advice', 'request', 'people', 'topics', 'organisation', 'group', 'person'],
  // The words of a consultation are those of whom it was for; who was only present has no words of his own in it.
  personal: ['request', 'advice', 'result', 'followUp'],
  subjectsOf: subjectField('person'),
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['consultations'],
  parentOf: parentField('event')
});
