import * as v from 'valibot';
import { plainIdSchema } from '#domain/ids.ts';
import { fail, ok, type Result } from '#domain/result.ts';
import { databaseNameFor, rememberDatabase } from '$lib/app/principals.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';

const answerSchema = v.object({
  device: plainIdSchema,
  secret: v.pipe(v.string(), v.minLength(16)),
  user: plainIdSchema,
  name: v.string()
});

/** Why a device was not connected. */
export type EnrolmentError =
  | { readonly type: 'no_network' }
  /** The coordinator gives a new one. */
  | { readonly type: 'unknown_code' | 'used_code' | 'expired_code' }
  /** Somebody else answered, or the centre is out of order. */
  | { readonly type: 'try_later' };

/** What the centre says of a code that it does not take; anything else of the kind is no code of its own. */
const refusalSchema = v.object({ error: v.picklist(['unknown_code', 'used_code', 'expired_code']) });

const enrolledKey = 'zimnik.enrolled';

/** Whether this device was connected by this code: its link, opened again, leads to the same records. */
export async function isEnrolledBy(code: string, storage: Storage): Promise<boolean> {
  return storage.getItem(enrolledKey) === code && (await databaseNameFor(storage, 'field')) !== undefined;
}

/**
 * Exchanges a one-time code for the device's own key and makes the local database of the new principal.
 * @returns the name of the local database
 */
export async function enrol(
  code: string,
  options: { readonly fetch: typeof fetch; readonly storage: Storage }
): Promise<Result<string, EnrolmentError>> {
  let response: Response;
  try {
    response = await options.fetch('/api/enrol', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code })
    });
  } catch {
    return fail({ type: 'no_network' });
  }
  const body: unknown = await response.json().catch(() => undefined);
  const refusal = v.safeParse(refusalSchema, body);
  if (!response.ok && refusal.success) return fail({ type: refusal.output.error });
  if (response.status === 400) return fail({ type: 'unknown_code' });
  const answer = v.safeParse(answerSchema, body);
  if (!response.ok || !answer.success) return fail({ type: 'try_later' });
  const { device, secret, user, name } = answer.output;
  const databaseName = `zimnik/field-${device}`;
  const database = new DeviceDatabase(databaseName);
  await ensureIdentity(database, { device, secret, user, name, role: 'field' });
  database.close();
  rememberDatabase(options.storage, 'field', databaseName);
  options.storage.setItem(enrolledKey, code);
  return ok(databaseName);
}
