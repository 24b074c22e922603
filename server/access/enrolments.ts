import { idBytes, randomBytesToId } from '#domain/ids.ts';
import { fail, ok, type Result } from '#domain/result.ts';
import { newDevice } from '#server/sync/authenticate.ts';
import type { EnrolmentRow } from '#server/storage/server-storage.ts';
import { newSecret, type AccessDeps } from './access-deps.ts';
import type { OfficeRole } from './accounts.ts';

/** What a field device is connected as. */
export interface EnrolmentRequest {
  /** User id of the worker who will hold it. */
  readonly user: string;
  readonly deviceName: string;
  readonly holderPhone?: string | undefined;
}

export interface Enrolment {
  /** Shown once; only its hash is kept. */
  readonly code: string;
  /** UTC ms. */
  readonly expiresAt: number;
}

/** What a device keeps: it proves by the secret who it is. */
export interface DeviceIdentity {
  readonly device: string;
  readonly secret: string;
  readonly user: string;
  readonly role: 'field' | OfficeRole;
  /** What people call the device. */
  readonly name: string;
}

export type EnrolFailure =
  { readonly type: 'unknown_code' } | { readonly type: 'used_code' } | { readonly type: 'expired_code' };

const validMs = 7 * 86_400_000;
/** 12 characters of 64: nobody guesses 72 bits, and a person can still type them. */
const codeBytes = 12;

/** A one-time code that turns a browser into a field device; it expires in 7 days. */
export async function createEnrolment(deps: AccessDeps, request: EnrolmentRequest): Promise<Enrolment> {
  const code = randomBytesToId(deps.random(codeBytes));
  const createdAt = deps.clock();
  const enrolment = enrolmentRow(deps, code, request, createdAt);
  await deps.storage.withTransaction((tx) => tx.putEnrolment(deps.centre, enrolment));
  return { code, expiresAt: enrolment.expiresAt };
}

/** Stores a code that is known beforehand, as the demonstration's link is. */
export async function putEnrolment(deps: AccessDeps, code: string, request: EnrolmentRequest): Promise<void> {
  const enrolment = enrolmentRow(deps, code, request, deps.clock());
  await deps.storage.withTransaction((tx) => tx.putEnrolment(deps.centre, enrolment));
}

/**
 * Uses a code: makes the device and its secret. `isReusable` lets the demonstration's code work again and again, in
 * each browser that opens its link.
 */
export async function enrol(
  deps: AccessDeps,
  given: { readonly code: string; readonly deviceName?: string | undefined; readonly isReusable?: boolean }
): Promise<Result<DeviceIdentity, EnrolFailure>> {
  const codeHash = deps.hashing.sha256(given.code);
  const id = randomBytesToId(deps.random(idBytes));
  const secret = newSecret(deps);
  const now = deps.clock();
  return deps.storage.withTransaction(async (tx) => {
    const found = await tx.enrolment(deps.centre, codeHash);
    if (found === undefined) return fail({ type: 'unknown_code' });
    if (given.isReusable !== true) {
      if (found.usedAt !== null) return fail({ type: 'used_code' });
      if (found.expiresAt <= now) return fail({ type: 'expired_code' });
      await tx.putEnrolment(deps.centre, { ...found, usedAt: now, usedBy: id });
    }
    const name = given.deviceName ?? found.deviceName;
    await tx.putDevice(
      deps.centre,
      newDevice({
        id,
        secretHash: deps.hashing.sha256(secret),
        role: 'field',
        user: found.user,
        name,
        holderPhone: found.holderPhone,
        createdAt: now
      })
    );
    return ok({ device: id, secret, user: found.user, role: 'field', name });
  });
}

function enrolmentRow(
  deps: AccessDeps,
  code: string,
  request: EnrolmentRequest,
  createdAt: number
): EnrolmentRow {
  return {
    codeHash: deps.hashing.sha256(code),
    role: 'field',
    user: request.user,
    deviceName: request.deviceName,
    holderPhone: request.holderPhone ?? null,
    createdAt,
    expiresAt: createdAt + validMs,
    usedAt: null,
    usedBy: null
  };
}
