import { defineRecord, parentField, subjectField, type PlainValues, type Stream } from './definition.ts';
import * as field from './field-schemas.ts';

/** Bytes of one picture as it travels. */
export const maxPhotoBytes = 1_400_000;
export const photoType = 'image/jpeg';

/**
 * One picture of the paper sheet, of an event or beside a note. Each is a record of its own, so that two tablets which
 * add pictures to one sheet take nothing from each other. Its bytes travel apart and are named by their sha-256.
 */
export const photo = defineRecord({
  type: 'photo',
  fields: {
    /** What it belongs to: a session's sheet, an event, a consultation note. */
    of: field.oneOf(['sheet', 'event', 'consultation']),
    /** Id of the session, the event or the note. */
    target: field.reference,
    /** sha-256 of the bytes, hex. */
    file: field.line,
    /** Device clock, UTC ms. */
    takenAt: field.instant,
    /** Who took it: a user id. */
    author: field.userId,
    /** Belongs to a confidential note: only its author and the coordinator see it. */
    confidential: field.flag,
    erased: field.erased,
    deletedAt: field.instant
  },
  required: ['of', 'target', 'file'],
  // Of a note about an erased person; a sheet or an event shows many, and stays as its paper does.
  personal: ['file'],
  subjectsOf: subjectField('target'),
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: (_id, values) => streamsOfPhoto(values),
  parentOf: parentField('target')
});

function streamsOfPhoto({ of, confidential, author }: PlainValues): readonly Stream[] {
  if (confidential === true) return typeof author === 'string' ? ['office', `private/${author}`] : ['office'];
  if (of === 'consultation') return ['consultations'];
  return [of === 'sheet' ? 'attendance' : of === 'event' ? 'reference' : 'office'];
}
