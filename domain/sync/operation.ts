import * as v from 'valibot';
import { plainIdPattern, plainIdSchema, recordIdPattern, recordIdSchema } from '#domain/ids.ts';
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
const typePattern = /^[a-z_]{1,40}$/;
const fieldPattern = /^[A-Za-z][A-Za-z0-9_]{0,60}$/;

export const changeSchema = v.strictObject({
  /** Record type. An unknown one is newer than this program, not wrong. */
  e: v.pipe(v.string(), v.regex(typePattern)),
  /** Record id. */
  k: recordIdSchema,
  /** Only the fields a person touched (I17): absent = untouched, `null` = emptied. */
  set: v.record(v.pipe(v.string(), v.regex(fieldPattern)), v.unknown()),
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
  if (isPlainOperation(input)) return ok({ kind: 'operation', operation: input });
  const parsed = v.safeParse(operationSchema, input);
  if (parsed.success) return ok({ kind: 'operation', operation: parsed.output });
  const issue = parsed.issues[0];
  const detail = `${v.getDotPath(issue) ?? ''}: ${withoutValue(issue.message)}`;
  return ok({ kind: 'malformed', n, raw: input, detail });
}

/*
 * What nearly every operation of a push is, asked without making anything: a schema copies all that it reads. Whatever these say
 * no to, the schemas decide; a property holds that they say yes to nothing else.
 */

const operationFields: ReadonlySet<string> = new Set<keyof Operation>([
  'n',
  'w',
  'c',
  'v',
  'by',
  'ch',
  'ep',
  'replaces'
]);
const changeFields: ReadonlySet<string> = new Set<keyof Change>(['e', 'k', 'set', 'base']);

function isPlainOperation(input: object): input is Operation {
  const { n, w, c, v: version, by, ch, ep, replaces }: Partial<Record<keyof Operation, unknown>> = input;
  if (!isFrom(1, n) || !isFrom(1, version) || !isFrom(0, c) || !Number.isSafeInteger(w)) return false;
  if (replaces !== undefined || !fits(plainIdPattern, by) || (ep !== undefined && !fits(plainIdPattern, ep)))
    return false;
  for (const name in input) if (!operationFields.has(name)) return false;
  if (!Array.isArray(ch) || ch.length === 0 || ch.length > maxChanges) return false;
  for (const change of ch) if (!isPlainChange(change)) return false;
  return true;
}

function isPlainChange(change: unknown): boolean {
  if (change === null || typeof change !== 'object') return false;
  const { e, k, set, base }: Partial<Record<keyof Change, unknown>> = change;
  if (!fits(typePattern, e) || !fits(recordIdPattern, k) || !isFrom(0, base)) return false;
  if (set === null || typeof set !== 'object' || Array.isArray(set)) return false;
  for (const name in change) if (!changeFields.has(name)) return false;
  for (const name in set) if (!isFieldName(name)) return false;
  return true;
}

/** Names that a pattern took before, so that it is asked once for each of the few hundred. */
const knownNames = new Set<string>();
const maxKnownNames = 1_000;

function isFieldName(name: string): boolean {
  if (knownNames.has(name)) return true;
  // The schema leaves out what every object has.
  if (name in Object.prototype || name === 'prototype' || !fieldPattern.test(name)) return false;
  if (knownNames.size < maxKnownNames) knownNames.add(name);
  return true;
}

function isFrom(least: number, value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least;
}

function fits(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

/** Why a value does not fit, without the value: the reason stays in the log when somebody's data are erased. */
export function withoutValue(message: string): string {
  return message.replace(/ but received .*$/s, '');
}
