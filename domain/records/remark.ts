import { defineRecord, subjectField, type Stream } from './definition.ts';
import * as field from './field-schemas.ts';

/** A remark with which something was returned: a task for the person who made it, at that person's devices. */
export const remark = defineRecord({
  type: 'remark',
  fields: {
    /** Whose task it is: a user id; `link` for whoever answered by a campaign's link. */
    to: field.userId,
    /** That person's phone, when it came by a link. */
    device: field.reference,
    targetType: field.oneOf(['sheet', 'consultation', 'response']),
    target: field.reference,
    text: field.text,
    from: field.userId,
    at: field.instant,
    done: field.flag,
    answer: field.text,
    erased: field.erased,
    deletedAt: field.instant
  },
  required: ['to', 'text', 'target'],
  contested: ['text'],
  personal: ['text', 'answer'],
  subjectsOf: subjectField('target'),
  writers: ['field', 'respondent', 'coordinator', 'administrator'],
  streamsOf: (_id, values) => ['office', ...addressee(values['to'], values['device'])],
  parentOf: (_id, values) => (typeof values['target'] === 'string' ? values['target'] : undefined)
});

/** Nobody signs in by a link: what goes there goes to the phone that sent the answers. */
function addressee(to: unknown, device: unknown): readonly Stream[] {
  if (to === 'link') return typeof device === 'string' ? [`own/${device}`] : [];
  return typeof to === 'string' ? [`private/${to}`] : [];
}
