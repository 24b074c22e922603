import * as v from 'valibot';
import { defineRecord, parentInId } from './definition.ts';
import * as field from './field-schemas.ts';

/** One losing value of a conflict: who wrote it, when (corrected UTC ms), what its author had seen. */
export const losingValueSchema = v.object({
  value: v.unknown(),
  by: v.string(),
  device: v.string(),
  n: v.number(),
  at: v.number(),
  base: v.number(),
  suspect: v.boolean()
});
export type LosingValue = v.InferOutput<typeof losingValueSchema>;

/**
 * «Расхождение»: values of one field that lost against a concurrent one. Made by the server only; the id is
 * `type~record id~field`. A coordinator's operation that names it closes it (sets `state`).
 */
export const conflict = defineRecord({
  type: 'conflict',
  fields: {
    state: field.oneOf(['open', 'resolved']),
    targetType: field.line,
    target: field.reference,
    field: field.line,
    values: field.list(losingValueSchema, 50),
    /** What stood when the conflict was found. */
    standing: losingValueSchema,
    at: field.instant,
    resolvedBy: field.userId,
    /** Set when what the values were about was erased: nothing of them is left. */
    deletedAt: field.instant
  },
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['office'],
  parentOf: parentInId
});
