import { joinIds } from '#domain/ids.ts';
import { defineRecord, parentInId, subjectInId } from './definition.ts';
import * as field from './field-schemas.ts';

const reviewStates = ['new', 'accepted', 'returned', 'not_counted'] as const;
export const reviewedTypes = ['sheet', 'consultation', 'response'] as const;
export type ReviewedType = (typeof reviewedTypes)[number];

/**
 * The coordinator's decision about a sheet, a consultation or a response; the id is `type~target`.
 * `upTo` is the highest seq that was in view: what someone else changes later is «изменено после проверки».
 */
export const review = defineRecord({
  type: 'review',
  fields: {
    state: field.oneOf(reviewStates),
    reason: field.text,
    upTo: field.count,
    at: field.instant,
    by: field.userId,
    erased: field.erased
  },
  contested: ['state'],
  follows: { reason: 'state', upTo: 'state', at: 'state', by: 'state' },
  personal: ['reason'],
  subjectsOf: subjectInId,
  writers: ['coordinator', 'administrator'],
  streamsOf: (id) => {
    const type = parentInId(id);
    return [type === 'response' ? 'answers' : type === 'consultation' ? 'consultations' : 'attendance'];
  },
  parentOf: parentInId
});

export function reviewId(type: ReviewedType, target: string): string {
  return joinIds(type, target);
}
