import { idBytes, randomBytesToId } from '#domain/ids.ts';
import type { DeviceHealth } from '#domain/sync/protocol.ts';
import type { Role } from '#domain/records/definition.ts';
import { newDevice } from '#server/sync/authenticate.ts';
import type { DeviceRow } from '#server/storage/server-storage.ts';
import { newSecret, type AccessDeps } from './access-deps.ts';
import type { OfficeUser } from './accounts.ts';
import type { DeviceIdentity } from './enrolments.ts';

/** A device as the office's page shows it. Times are UTC ms. */
export interface DeviceSummary {
  readonly device: string;
  readonly name: string;
  readonly role: Role;
  readonly user: string;
  readonly holderPhone: string | null;
  readonly createdAt: number;
  readonly lastExchangeAt: number | null;
  /** How many operations waited on it at its last exchange. */
  readonly pendingThen: number;
  /** When the oldest of them was written, by the server's clock. */
  readonly oldestPendingAt: number | null;
  /** Operations that it declared lost. */
  readonly lost: number;
  readonly build: string | null;
  /** Server's clock − the device's at its last exchange, ms. */
  readonly clockOffMs: number | null;
  readonly health: DeviceHealth | null;
  readonly revokedAt: number | null;
}

/** Devices of people who work at the centre, the latest exchange first. Phones that answered by a link are not listed. */
export async function listDevices(deps: AccessDeps): Promise<readonly DeviceSummary[]> {
  const devices = await deps.storage.readSnapshot((snapshot) => snapshot.devices(deps.centre));
  return devices
    .filter((device) => device.role !== 'respondent' && !isServersOwn(device))
    .map(toSummary)
    .sort((left, right) => (right.lastExchangeAt ?? 0) - (left.lastExchangeAt ?? 0));
}

/** Ends a device's access; what it still holds arrives as «held». False = no such device; revoking twice changes nothing. */
export async function revokeDevice(deps: AccessDeps, id: string): Promise<boolean> {
  return deps.storage.withTransaction(async (tx) => {
    const device = await tx.device(deps.centre, id);
    if (device === undefined || device.role === 'respondent') return false;
    if (device.revokedAt === null) await tx.putDevice(deps.centre, { ...device, revokedAt: deps.clock() });
    return true;
  });
}

/** Makes the browser of somebody who is signed in a device of the office. */
export async function connectOffice(
  deps: AccessDeps,
  user: OfficeUser,
  name: string
): Promise<DeviceIdentity> {
  const device = randomBytesToId(deps.random(idBytes));
  const secret = newSecret(deps);
  await putDevice(deps, { device, secret, user: user.id, role: user.role, name });
  return { device, secret, user: user.id, role: user.role, name };
}

/** Registers a device whose id and secret are known already. */
export async function putDevice(
  deps: AccessDeps,
  identity: DeviceIdentity & { readonly createdAt?: number; readonly holderPhone?: string | null }
): Promise<void> {
  const row = newDevice({
    id: identity.device,
    secretHash: deps.hashing.sha256(identity.secret),
    role: identity.role,
    user: identity.user,
    name: identity.name,
    holderPhone: identity.holderPhone ?? null,
    createdAt: identity.createdAt ?? deps.clock()
  });
  await deps.storage.withTransaction((tx) => tx.putDevice(deps.centre, row));
}

/** Devices by which the server itself writes records (set-up) are nobody's to see or revoke. */
export const serversOwnPrefix = 'setup-';

function isServersOwn(device: DeviceRow): boolean {
  return device.id.startsWith(serversOwnPrefix);
}

function toSummary(device: DeviceRow): DeviceSummary {
  const { id, name, role, user, holderPhone, createdAt, lastExchangeAt, lost, build, health, revokedAt } =
    device;
  return {
    device: id,
    name,
    role,
    user,
    holderPhone,
    createdAt,
    lastExchangeAt,
    pendingThen: device.pending,
    oldestPendingAt: device.oldestPending === null ? null : device.oldestPending + (device.offsetMs ?? 0),
    lost,
    build,
    clockOffMs: device.offsetMs,
    health,
    revokedAt
  };
}
