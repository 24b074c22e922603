import * as v from 'valibot';
import { plainIdSchema } from '#domain/ids.ts';
import { maxOperations } from './operation.ts';

/** Every answer carries it; an answer without `z:1` (a captive portal's page, a proxy's error) changes nothing (I28). */
export const syncMediaType = 'application/vnd.zimnik.sync+json';

const seqSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const streamSchema = v.pipe(v.string(), v.regex(/^[a-z]+(\/[A-Za-z0-9_.-]{1,32})?$/));
/** [seq, hash of the log at that seq, hex]. */
export const headSchema = v.tuple([seqSchema, v.pipe(v.string(), v.maxLength(64))]);

/** What the device says about itself, for the coordinator's page of devices; what a newer program adds refuses no push. */
export const deviceHealthSchema = v.object({
  persisted: v.optional(v.boolean()),
  /** Free bytes that the browser grants. */
  free: v.optional(v.number()),
  /** Percent. */
  battery: v.optional(v.number()),
  /** «Here was a database»: the browser's mark says so, and the database is new. */
  wiped: v.optional(v.boolean()),
  /** How often, of late, a list differed from the centre's by its sum and was loaded anew. */
  reloads: v.optional(v.number())
});
export type DeviceHealth = v.InferOutput<typeof deviceHealthSchema>;

export const syncRequestSchema = v.strictObject({
  z: v.literal(1),
  device: plainIdSchema,
  /** The epoch this device knows; null before the first answer. */
  epoch: v.nullable(plainIdSchema),
  build: v.pipe(v.string(), v.maxLength(80)),
  /** Device wall clock at sending, ms. */
  now: v.pipe(v.number(), v.safeInteger()),
  /** Clock period at sending. */
  clock: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Device wall clock of the oldest waiting operation; null when none waits. */
  oldestPending: v.nullable(v.pipe(v.number(), v.safeInteger())),
  pending: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  head: v.nullable(headSchema),
  /** Parsed one by one with `parseOperation`, so that a bad one touches no other (I19). */
  ops: v.pipe(v.array(v.unknown()), v.maxLength(maxOperations)),
  /** Stream → cursor. A stream that is not named starts from 0. */
  cursors: v.record(streamSchema, seqSchema),
  /** About how many bytes of rows (JSON, before gzip) the answer may carry. */
  maxBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1_000), v.maxValue(10_000_000)),
  health: v.optional(deviceHealthSchema)
});
export type SyncRequest = v.InferOutput<typeof syncRequestSchema>;

export const refusalReasons = ['invalid', 'forbidden', 'erased', 'too_large', 'already_merged'] as const;
export type RefusalReason = (typeof refusalReasons)[number];
export const holdReasons = ['reported_period', 'rights_revoked', 'device_revoked', 'internal'] as const;
export type HoldReason = (typeof holdReasons)[number];

const outcomeEntries = {
  n: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Outcomes of n … to are the same, with consecutive seqs. */
  to: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  seq: seqSchema,
  repeat: v.optional(v.literal(true))
};
export const acknowledgementSchema = v.variant('o', [
  v.object({ o: v.literal('applied'), ...outcomeEntries }),
  v.object({ o: v.literal('superseded'), ...outcomeEntries }),
  v.object({ o: v.literal('held'), reason: v.picklist(holdReasons), ...outcomeEntries }),
  v.object({
    o: v.literal('refused'),
    reason: v.picklist(refusalReasons),
    detail: v.optional(v.string()),
    ...outcomeEntries
  }),
  v.object({ o: v.literal('lost'), ...outcomeEntries })
]);
export type Acknowledgement = v.InferOutput<typeof acknowledgementSchema>;

/** A whole record as the server holds it. `f` has no empty fields; unknown ones are kept (I24). */
export const recordStateSchema = v.object({
  e: v.string(),
  k: v.string(),
  seq: seqSchema,
  by: v.string(),
  at: v.number(),
  f: v.record(v.string(), v.unknown())
});
export type RecordState = v.InferOutput<typeof recordStateSchema>;

export const streamPageSchema = v.object({
  stream: streamSchema,
  /** The cursor that this page continues. `reset` = it could not be honoured: a fresh start from 0 (I23). */
  from: seqSchema,
  reset: v.optional(v.boolean()),
  /** The cursor after this page. */
  to: seqSchema,
  rows: v.array(recordStateSchema),
  /** Records that left the stream: [type, id, seq]. */
  gone: v.array(v.tuple([v.string(), v.string(), seqSchema])),
  /** More pages wait. */
  more: v.boolean(),
  /** On the last page: [count, sum] of the stream's snapshot (I11). */
  check: v.optional(v.tuple([v.number(), v.number()]))
});
export type StreamPage = v.InferOutput<typeof streamPageSchema>;

/** Records sent before their place in the order of a stream: they move no cursor and come once more in a page. */
export const recordsAheadSchema = v.object({ stream: streamSchema, rows: v.array(recordStateSchema) });
export type RecordsAhead = v.InferOutput<typeof recordsAheadSchema>;

/** Ids whose personal data were erased: everything of theirs goes from the device, also what waits. */
export const erasedIdsSchema = v.array(v.pipe(v.string(), v.maxLength(200)));

const answerEntries = { z: v.literal(1), epoch: plainIdSchema, now: v.number() };
export const syncResponseSchema = v.variant('kind', [
  v.object({
    kind: v.literal('ok'),
    ...answerEntries,
    head: headSchema,
    acks: v.array(acknowledgementSchema),
    streams: v.array(streamPageSchema),
    /** To a device with nothing yet: what the sheets of the next sessions need. */
    ahead: v.optional(v.array(recordsAheadSchema)),
    /** Streams that this device may no longer read. */
    revoked: v.array(streamSchema),
    /** Everything up to this seq is in a backup. */
    durable: seqSchema,
    minBuild: v.string(),
    /** Those since the least cursor of the request, since ever when it knew no head; and those of whom something came. */
    erased: v.optional(erasedIdsSchema),
    /** The batch ended here: this operation was written by a newer program than the server. */
    newer: v.optional(v.number()),
    /** No pages were given: sign in first. What was sent is acknowledged all the same. */
    signIn: v.optional(v.picklist(['revoked', 'signed_out']))
  }),
  v.object({ kind: v.literal('epoch_changed'), ...answerEntries, restoredTo: seqSchema }),
  v.object({
    kind: v.literal('device_forked'),
    ...answerEntries,
    from: v.number(),
    newDevice: plainIdSchema,
    /** Secret of the new device. */
    secret: v.string(),
    acks: v.array(acknowledgementSchema),
    /** Those of whom something came with what is acknowledged here. */
    erased: v.optional(erasedIdsSchema)
  }),
  v.object({
    kind: v.literal('gap'),
    ...answerEntries,
    from: v.number(),
    acks: v.array(acknowledgementSchema),
    erased: v.optional(erasedIdsSchema)
  }),
  /** `after`: ms to wait before the next try. */
  v.object({ kind: v.literal('slow_down'), z: v.literal(1), after: v.number() }),
  v.object({
    kind: v.literal('sign_in'),
    z: v.literal(1),
    reason: v.picklist(['unknown', 'revoked', 'signed_out'])
  }),
  v.object({ kind: v.literal('upgrade'), z: v.literal(1), minBuild: v.string() }),
  v.object({ kind: v.literal('bad_request'), z: v.literal(1), detail: v.string() }),
  /** A packed request named a record by a number that means nothing here: full ids, please. Nothing was done. */
  v.object({ kind: v.literal('unknown_names'), z: v.literal(1) })
]);
export type SyncResponse = v.InferOutput<typeof syncResponseSchema>;
export type SyncAnswer = Extract<SyncResponse, { kind: 'ok' }>;

/** FNV-1a, 32 bits, over UTF-16 code units of `type/id:seq`: the part of one record in a stream's sum. */
export function checkPart(type: string, id: string, seq: number): number {
  const text = `${type}/${id}:${seq}`;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}

/** Sums are kept modulo 2⁵³, so that they are exact as numbers. */
export const checkModulus = 2 ** 53;

/** Adds modulo 2⁵³ without ever passing it, so that the sum stays exact as a number. */
export function addModulo(sum: number, part: number): number {
  return sum >= checkModulus - part ? sum - (checkModulus - part) : sum + part;
}

/** Subtracts modulo 2⁵³; `sum - part + checkModulus` would pass 2⁵³ and lose the last bits. */
export function subtractModulo(sum: number, part: number): number {
  return sum >= part ? sum - part : checkModulus - (part - sum);
}
