import type { Role } from '#domain/records/definition.ts';
import { fail, ok, type Result } from '#domain/result.ts';
import type { DeviceRow } from '#server/storage/server-storage.ts';
import type { AccessDeps } from './access-deps.ts';
import { officeRoles, type AccountRole, type Accounts } from './accounts.ts';

export type RoleFailure = { readonly type: 'unknown_email' } | { readonly type: 'last_administrator' };

/**
 * Gives an account another role, and its office devices with it; `field` closes the office to it. They remember the former one, so that
 * what was written before they were told waits for the coordinator instead of being refused. A worker's tablet stays
 * what it is. Returns how many devices changed.
 */
export async function changeRole(
  deps: Pick<AccessDeps, 'storage' | 'centre' | 'clock'> & { readonly accounts: Accounts },
  email: string,
  role: AccountRole
): Promise<Result<{ readonly devices: number }, RoleFailure>> {
  const users = await deps.accounts.all();
  const administrators = users.filter((user) => user.role === 'administrator');
  const [only, another] = administrators;
  if (role !== 'administrator' && another === undefined && only?.email === email.toLowerCase())
    return fail({ type: 'last_administrator' });
  // The account first: a device connected from now on has the new role already.
  const user = await deps.accounts.setRole(email, role);
  if (user === undefined) return fail({ type: 'unknown_email' });
  return deps.storage.withTransaction(async (tx) => {
    const centre = await tx.centre(deps.centre);
    const now = Math.max(deps.clock(), centre?.lastNow ?? 0);
    const own = (await tx.devices(deps.centre)).filter(
      (device) => device.user === user && isOfOffice(device) && device.role !== role
    );
    for (const device of own)
      await tx.putDevice(deps.centre, {
        ...device,
        role,
        formerRole: formerRoleOf(device),
        roleChangedAt: now
      });
    return ok({ devices: own.length });
  });
}

/** The role that the device still believes to have: of several changes in a row it heard nothing. */
function formerRoleOf(device: DeviceRow): Role {
  const wasTold = (device.lastExchangeAt ?? 0) >= (device.roleChangedAt ?? 0);
  return !wasTold && device.formerRole !== null ? device.formerRole : device.role;
}

/** Whether it was connected by somebody who signed in, whatever its role became. */
function isOfOffice({ role, formerRole }: DeviceRow): boolean {
  return officeRoles.some((known) => known === role || known === formerRole);
}
