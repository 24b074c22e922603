import * as v from 'valibot';
import { plainIdSchema } from '#domain/ids.ts';
import { acknowledgementSchema, erasedIdsSchema, headSchema } from './protocol.ts';

/**
 * The courier's file: what a tablet could not send, carried to the centre by hand, and the receipt that is carried back.
 *
 * The file is a JWE in compact form (RFC 7516: ECDH-ES on P-256, A256GCM) of the gzipped JSON of a {@link Bundle}; the
 * receipt is a JWS in compact form (RFC 7515: ES256) of the JSON of a {@link Receipt}.
 */
export const bundleAlgorithm = 'ECDH-ES';
export const bundleEncryption = 'A256GCM';
export const receiptAlgorithm = 'ES256';
export const bundleMediaType = 'application/jose';

/** A file is at most this long, in characters: about 50,000 marks with their signatures. */
export const maxBundleLength = 30_000_000;
/** What it holds is at most this long when unpacked, in bytes. */
export const maxUnpackedBundle = 120_000_000;

const publicKeySchema = v.object({
  kty: v.literal('EC'),
  crv: v.literal('P-256'),
  x: v.pipe(v.string(), v.maxLength(60)),
  y: v.pipe(v.string(), v.maxLength(60))
});

/** The centre's public keys as JWK: files are encrypted for one, receipts are proved by the other. */
export const courierKeysSchema = v.object({ encryption: publicKeySchema, signing: publicKeySchema });
export type CourierKeys = v.InferOutput<typeof courierKeysSchema>;

const attachmentSchema = v.strictObject({
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  mime: v.pipe(v.string(), v.maxLength(100)),
  /** Base64url without padding. */
  bytes: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]*$/), v.maxLength(2_000_000))
});

export const bundleSchema = v.strictObject({
  z: v.literal(1),
  kind: v.literal('bundle'),
  device: plainIdSchema,
  /** Nobody but the centre can open the file: the secret proves who made it, as in an exchange. */
  secret: v.pipe(v.string(), v.minLength(16), v.maxLength(200)),
  /** Device wall clock, ms. */
  madeAt: v.pipe(v.number(), v.safeInteger()),
  /** Clock period of the last confirmed exchange, whose offset the centre knows; absent = there was none. */
  clock: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  /** The history that the tablet knew, and the end of its log; null = none yet. */
  epoch: v.nullable(plainIdSchema),
  head: v.nullable(headSchema),
  /** Everything that is not acknowledged, in the order of numbers; parsed one by one. */
  ops: v.pipe(v.array(v.unknown()), v.maxLength(200_000)),
  attachments: v.pipe(v.array(attachmentSchema), v.maxLength(20_000))
});
export type Bundle = v.InferOutput<typeof bundleSchema>;

export const receiptSchema = v.object({
  z: v.literal(1),
  kind: v.literal('receipt'),
  /** The device whose operations these are. */
  device: plainIdSchema,
  /** Counts only in the history in which it was given (I27). */
  epoch: plainIdSchema,
  /** The end of the log that the file knew. */
  since: v.nullable(headSchema),
  /** The end of the centre's log then; null = the centre had been put back, its log lacks what the file knew. */
  head: v.nullable(headSchema),
  /** Server clock, UTC ms. */
  at: v.number(),
  acks: v.array(acknowledgementSchema),
  /** Those of whom something was in the file. */
  erased: v.optional(erasedIdsSchema),
  /** Hashes of the signatures and pictures that the centre has now; absent = it came from an older centre. */
  files: v.optional(v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))))
});
export type Receipt = v.InferOutput<typeof receiptSchema>;
