import * as v from 'valibot';
import { plainIdSchema, recordIdSchema } from '#domain/ids.ts';
import { fail, ok, type Result } from '#domain/result.ts';

/** The schema version of the values that this program writes. */
export const schemaVersion = 1;

/** At most this many changes are applied together by one operation. */
export const maxChanges = 20;
/** At most this many operations travel in one request. */
export const maxOperations = 1000;
/** One operation as JSON is at most this long, in characters; a longer one is refused as `too_large`. */
export const maxOperationLength = 64_000;

const seqSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positiveSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** Device clocks may say anything a number can say; they never cause a refusal (I14). */
const clockSchema = v.pipe(v.number(), v.safeInteger());

export const changeSchema = v.strictObject({
  /** Record type. An unknown one is newer than this program, not wrong. */
  e: v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/)),
  /** Record id. */
  k: recordIdSchema,
  /** Only the fields a person touched (I17): absent = untouched, `null` = emptied. */
  set: v.record(v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9_]{0,60}$/)), v.unknown()),
  /** Seq of the received record state that was shown when the edit began; 0 = nothing received. */
  base: seqSchema
});
export type Change = v.InferOutput<typeof changeSchema>;

export const operationSchema = v.strictObject({
  n: positiveSchema,
  /** Device wall clock, ms. */
  w: clockSchema,
  /** Clock period of the device: a new one begins when its clock was seen to jump. */
  c: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Schema version of the values. */
  v: positiveSchema,
  /** The user, enrolled on the device. */
  by: plainIdSchema,
  ch: v.pipe(v.array(changeSchema), v.minLength(1), v.maxLength(maxChanges)),
  /** Epoch in which the bases were received; absent = nothing was received yet. */
  ep: v.optional(plainIdSchema),
  /** The refused or held operation that this one corrects or withdraws: [device, n]. */
  replaces: v.optional(v.tuple([plainIdSchema, positiveSchema]))
});
export type Operation = v.InferOutput<typeof operationSchema>;

/** A declared hole: the device no longer holds numbers `n` to `to`. */
export const lostSchema = v.strictObject({ n: positiveSchema, to: positiveSchema, lost: v.literal(true) });
export type Lost = v.InferOutput<typeof lostSchema>;

export type ParsedOperation =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'lost'; readonly lost: Lost }
  /** Its number can be read but nothing else: judged `refused(invalid)`, so that it blocks no other (I19). */
  | { readonly kind: 'malformed'; readonly n: number; readonly raw: unknown; readonly detail: string }
  /** Written by a newer program than this one: ends the batch unacknowledged. */
  | { readonly kind: 'newer'; readonly n: number };

/** Parses one element of a batch; `newest` = the schema version of this program. Fails only when not even its number can be read. */
export function parseOperation(
  input: unknown,
  newest: number = schemaVersion
): Result<ParsedOperation, { type: 'unnumbered' }> {
  if (input === null || typeof input !== 'object') return fail({ type: 'unnumbered' });
  const n = 'n' in input ? input.n : undefined;
  if (!v.is(positiveSchema, n)) return fail({ type: 'unnumbered' });
  // A schema that does not fit costs more than one that does: holes are rare.
  const lost = 'lost' in input ? v.safeParse(lostSchema, input) : undefined;
  if (lost?.success === true) return ok({ kind: 'lost', lost: lost.output });
  const version = 'v' in input ? input.v : undefined;
  if (v.is(positiveSchema, version) && version > newest) return ok({ kind: 'newer', n });
  const parsed = v.safeParse(operationSchema, input);
  if (parsed.success) return ok({ kind: 'operation', operation: parsed.output });
  const issue = parsed.issues[0];
  const detail = `${v.getDotPath(issue) ?? ''}: ${withoutValue(issue.message)}`;
  return ok({ kind: 'malformed', n, raw: input, detail });
}

/** Why a value does not fit, without the value: the reason stays in the log when somebody's data are erased. */
export function withoutValue(message: string): string {
  return message.replace(/ but received .*$/s, '');
}
