import * as v from 'valibot';
import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** One record out of which values were erased, with the names of their fields. */
export const erasedRecordSchema = v.object({
  type: field.line,
  id: field.reference,
  fields: field.erased
});
export type ErasedRecord = v.InferOutput<typeof erasedRecordSchema>;

/**
 * What an {@link erasure} came to, for the act and the extract from the log that приказ Роскомнадзора № 179 asks for. Made
 * by the server only, in the transaction that erases; the same id.
 */
export const destruction = defineRecord({
  type: 'destruction',
  fields: {
    /** When the values were gone, server clock, UTC ms. */
    at: field.instant,
    records: field.list(erasedRecordSchema, 5_000),
    /** Files that were deleted: signatures. */
    attachments: field.count,
    /** Refused and held copies of operations that were emptied. */
    copies: field.count
  },
  writers: [],
  streamsOf: () => ['office']
});
