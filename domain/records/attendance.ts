import { joinIds, splitId } from '#domain/ids.ts';
import { defineRecord, parentInId, subjectInId } from './definition.ts';
import * as field from './field-schemas.ts';

export const attendanceStatuses = ['present', 'late', 'left_early', 'excused', 'absent', 'none'] as const;
export type AttendanceStatus = (typeof attendanceStatuses)[number];

/** One person at one session. The id is literally `session~person`, so two tablets write one record. */
export const attendance = defineRecord({
  type: 'attendance',
  fields: {
    /** `none` = the mark was taken back. Absent = nobody marked. */
    status: field.oneOf(attendanceStatuses),
    /** When the mark was made, device clock, UTC ms, to the second; without a name to the millisecond, as they stand in that order. */
    at: field.instant,
    /** On the list of those expected, before anybody marked. */
    expected: field.flag,
    answer: field.oneOf(['coming', 'not_coming', 'no_answer']),
    /** A participant without a name («+1 без имени»): the second part of the id is random and belongs to no person. */
    nameless: field.flag,
    signature: field.oneOf(['paper', 'screen', 'none']),
    /** sha-256 of the strokes (SVG) of a signature on the screen. */
    signatureInk: field.line,
    /** The mark was copied from the paper sheet afterwards. */
    enteredLater: field.flag,
    paperLine: field.count,
    note: field.line,
    erased: field.erased
  },
  contested: ['status'],
  follows: { at: 'status', enteredLater: 'status' },
  personal: ['signatureInk', 'paperLine', 'note'],
  subjectsOf: subjectInId,
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['attendance'],
  parentOf: parentInId
});

/** The id of a person's mark at a session. */
export function attendanceId(session: string, person: string): string {
  return joinIds(session, person);
}

/** Session and person of a mark; `person` of a nameless participant is a random id. */
export function attendanceParts(id: string): { session: string; person: string } {
  const [session = '', person = ''] = splitId(id);
  return { session, person };
}

/** Present in the sense of the sheet's count: late and left early were there too. */
export function isPresent(status: AttendanceStatus | undefined): boolean {
  return status === 'present' || status === 'late' || status === 'left_early';
}
