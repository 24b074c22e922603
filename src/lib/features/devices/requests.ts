import * as v from 'valibot';
import { bundleMediaType, maxBundleLength } from '#domain/sync/bundle.ts';
import { fail, type Result } from '#domain/result.ts';
import { nothing, request, type RequestError } from '$lib/features/office/index.ts';

const healthSchema = v.object({
  persisted: v.optional(v.boolean()),
  /** Free bytes that the browser grants. */
  free: v.optional(v.number()),
  /** Percent. */
  battery: v.optional(v.number()),
  wiped: v.optional(v.boolean()),
  reloads: v.optional(v.number())
});
const deviceSchema = v.object({
  device: v.string(),
  name: v.string(),
  role: v.picklist(['field', 'coordinator', 'administrator']),
  user: v.string(),
  holderPhone: v.nullable(v.string()),
  lastExchangeAt: v.nullable(v.number()),
  pendingThen: v.number(),
  oldestPendingAt: v.nullable(v.number()),
  lost: v.number(),
  health: v.nullable(healthSchema),
  /** The centre's clock − its own, ms. */
  clockOffMs: v.nullable(v.number()),
  build: v.nullable(v.string()),
  revokedAt: v.nullable(v.number())
});
const listSchema = v.object({ devices: v.array(deviceSchema) });
const enrolmentSchema = v.object({ code: v.string(), url: v.string(), expiresAt: v.number() });

const takenSchema = v.object({
  device: v.object({ id: v.string(), name: v.string(), user: v.string() }),
  madeAt: v.number(),
  end: v.picklist(['all', 'gap', 'copied', 'newer']),
  counts: v.object({ taken: v.number(), known: v.number(), held: v.number(), refused: v.number() }),
  attachments: v.object({ stored: v.number(), refused: v.number() }),
  receipt: v.string()
});

/** What became of a tablet's file; `receipt` goes back to the tablet, `madeAt` is the tablet's clock, UTC ms. */
export type TakenFile = v.InferOutput<typeof takenSchema>;

/** A device as the centre knows it; times are UTC ms, `pendingThen` is what waited at the last exchange. */
export type DeviceLine = v.InferOutput<typeof deviceSchema>;
export type NewEnrolment = v.InferOutput<typeof enrolmentSchema>;

export async function fetchDevices(
  send: typeof fetch
): Promise<Result<v.InferOutput<typeof listSchema>, RequestError>> {
  return request(send, '/api/devices', { schema: listSchema });
}

/** A one-time link that makes a tablet the device of one worker. */
export async function createEnrolment(
  send: typeof fetch,
  body: { readonly user: string; readonly deviceName: string; readonly holderPhone?: string }
): Promise<Result<NewEnrolment, RequestError>> {
  return request(send, '/api/enrolments', { method: 'POST', body, schema: enrolmentSchema });
}

export async function revokeDevice(send: typeof fetch, id: string): Promise<Result<undefined, RequestError>> {
  return request(send, `/api/devices/${id}/revoke`, { method: 'POST', body: {}, schema: nothing });
}

/** Hands the centre what a tablet could not send. */
export async function takeFile(send: typeof fetch, file: File): Promise<Result<TakenFile, RequestError>> {
  if (file.size > maxBundleLength) return fail({ type: 'refused', status: 413, code: 'too_large' });
  const text = await file.text();
  return request(send, '/api/bundles', {
    method: 'POST',
    body: text,
    mediaType: bundleMediaType,
    schema: takenSchema
  });
}
