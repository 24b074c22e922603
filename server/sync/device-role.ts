import type { Role } from '#domain/records/definition.ts';
import { isOffice } from '#domain/sync/scope.ts';
import type { DeviceRow } from '#server/storage/server-storage.ts';

/** Whether a device was connected by somebody who signed in, whatever its role became; a worker's tablet was not. */
export function isOfOffice({ role, formerRole }: DeviceRow): boolean {
  return isOffice(role) || (formerRole !== null && isOffice(formerRole));
}

/**
 * A device of the office with the role that its user's account has. It remembers the former one, so that what was
 * written before it was told waits for the coordinator instead of being refused.
 *
 * @param at server's clock, UTC ms
 * @returns undefined when it has that role already, or is a worker's tablet, which stays what it is
 */
export function withRoleOfAccount(device: DeviceRow, role: Role, at: number): DeviceRow | undefined {
  if (!isOfOffice(device) || device.role === role) return undefined;
  return { ...device, role, formerRole: formerRoleOf(device), roleChangedAt: at };
}

/** The role that the device still believes to have: of several changes in a row it heard nothing. */
function formerRoleOf({ role, formerRole, lastExchangeAt, roleChangedAt }: DeviceRow): Role {
  const wasTold = (lastExchangeAt ?? 0) >= (roleChangedAt ?? 0);
  // An office role is never forgotten: by it the device is known to be one of the office.
  return !wasTold && formerRole !== null && isOffice(formerRole) ? formerRole : role;
}
