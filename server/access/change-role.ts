import { fail, ok, type Result } from '#domain/result.ts';
import { withRoleOfAccount } from '#server/sync/device-role.ts';
import type { AccessDeps } from './access-deps.ts';
import type { AccountRole, Accounts } from './accounts.ts';

export type RoleFailure = { readonly type: 'unknown_email' } | { readonly type: 'last_administrator' };

/**
 * Gives an account another role, and its office devices with it; `field` closes the office to it. The account is the
 * one place where a role lives: it is changed in one write, and an exchange asks it before it believes a device. So a
 * process that ends between the two databases leaves nobody with rights that were taken away; the devices are set here
 * for the list of devices, and at their next exchange if this did not happen. Returns how many devices changed.
 */
export async function changeRole(
  deps: Pick<AccessDeps, 'storage' | 'centre' | 'clock'> & {
    readonly accounts: Pick<Accounts, 'all' | 'setRole'>;
  },
  email: string,
  role: AccountRole
): Promise<Result<{ readonly devices: number }, RoleFailure>> {
  const users = await deps.accounts.all();
  const administrators = users.filter((user) => user.role === 'administrator');
  const [only, another] = administrators;
  if (role !== 'administrator' && another === undefined && only?.email === email.toLowerCase())
    return fail({ type: 'last_administrator' });
  const user = await deps.accounts.setRole(email, role);
  if (user === undefined) return fail({ type: 'unknown_email' });
  return ok({ devices: await alignDevices(deps, user, role) });
}

/** Gives the office devices of a user the role of the account; returns how many had another one. */
async function alignDevices(
  deps: Pick<AccessDeps, 'storage' | 'centre' | 'clock'>,
  user: string,
  role: AccountRole
): Promise<number> {
  return deps.storage.withTransaction(async (tx) => {
    const centre = await tx.centre(deps.centre);
    const now = Math.max(deps.clock(), centre?.lastNow ?? 0);
    const own = (await tx.devices(deps.centre)).filter((device) => device.user === user);
    const changed = own.flatMap((device) => withRoleOfAccount(device, role, now) ?? []);
    for (const device of changed) await tx.putDevice(deps.centre, device);
    return changed.length;
  });
}
