import * as v from 'valibot';
import { defineRecord, parentInId, type Stream } from './definition.ts';
import * as field from './field-schemas.ts';

/**
 * An operation that was held or refused, as the office and its author see it. Made by the server only; the id is
 * `device~n`. It also tells the author's device when a held operation was released.
 */
export const problem = defineRecord({
  type: 'problem',
  fields: {
    outcome: field.oneOf(['held', 'refused']),
    reason: field.line,
    detail: field.line,
    by: field.userId,
    at: field.instant,
    changes: v.array(v.unknown()),
    state: field.oneOf(['open', 'released', 'replaced', 'dismissed']),
    /** Seq at which the released operation was judged. */
    releasedSeq: v.pipe(v.number(), v.safeInteger(), v.minValue(1))
  },
  writers: ['coordinator', 'administrator'],
  streamsOf: (id, values) => ['office', ...authorsStream(parentInId(id), values['by'])],
  parentOf: parentInId
});

/** A user's private stream; the device of a campaign's link has only a stream of its own. */
function authorsStream(device: string | undefined, by: unknown): readonly Stream[] {
  if (by === 'link') return device === undefined ? [] : [`own/${device}`];
  return typeof by === 'string' ? [`private/${by}`] : [];
}
