import { fail, ok, type Result } from '#domain/result.ts';
import { surveyRecord, topicRecords } from '#domain/start/start-records.ts';
import { maxChanges } from '#domain/sync/operation.ts';
import { sameDigest } from '#server/sync/hashing.ts';
import type { SyncService } from '#server/sync/sync-service.ts';
import { newSecret, type AccessDeps } from './access-deps.ts';
import type { Accounts, NewOfficeUser, OfficeUser } from './accounts.ts';
import { putDevice, revokeDevice, serversOwnPrefix } from './devices.ts';
import { writeAs } from './write-as.ts';

export interface SetupRequest {
  readonly code: string;
  readonly centreName: string;
  readonly timeZone: string;
  readonly phone?: string | undefined;
  readonly administrator: Omit<NewOfficeUser, 'role'>;
  /** Nobody should be the only one who can let people in. */
  readonly second?: Omit<NewOfficeUser, 'role'> | undefined;
}

export type SetupFailure =
  { readonly type: 'unknown_code' } | { readonly type: 'used_code' } | { readonly type: 'email_taken' };

/** The one-time link of the first start. */
export interface Setup {
  /** The code for the printed link; undefined = the centre is set up already. */
  code(): Promise<string | undefined>;
  /** Makes the administrator, a second coordinator if named, and the centre's first records. */
  complete(request: SetupRequest): Promise<Result<OfficeUser, SetupFailure>>;
}

/**
 * The code lives as long as this process, and a server that was not set up prints a new one at its next start, unless it
 * is given: several processes of one server must know the same.
 */
export function createSetup(
  deps: AccessDeps & { readonly service: SyncService; readonly accounts: Accounts },
  sharedCode?: string
): Setup {
  const code = sharedCode ?? newSecret(deps).slice(0, 32);
  let running = false;
  const isDone = async (): Promise<boolean> => (await deps.accounts.all()).length > 0;

  return {
    async code() {
      return (await isDone()) ? undefined : code;
    },
    async complete(request) {
      if (!sameDigest(deps.hashing.sha256(request.code), deps.hashing.sha256(code)))
        return fail({ type: 'unknown_code' });
      if (running || (await isDone())) return fail({ type: 'used_code' });
      if (request.second?.email.toLowerCase() === request.administrator.email.toLowerCase())
        return fail({ type: 'email_taken' });
      running = true;
      try {
        return await setUp(deps, request);
      } finally {
        running = false;
      }
    }
  };
}

async function setUp(
  deps: AccessDeps & { readonly service: SyncService; readonly accounts: Accounts },
  request: SetupRequest
): Promise<Result<OfficeUser, SetupFailure>> {
  const administrator = await deps.accounts.create({ ...request.administrator, role: 'administrator' });
  if (!administrator.ok) return administrator;
  const second =
    request.second === undefined
      ? undefined
      : await deps.accounts.create({ ...request.second, role: 'coordinator' });
  if (second?.ok === false) return second;
  const people = [administrator.value, ...(second === undefined ? [] : [second.value])];
  await introduce(deps, administrator.value, [
    {
      e: 'centre',
      k: 'centre',
      set: {
        name: request.centreName,
        timeZone: request.timeZone,
        ...(request.phone === undefined ? {} : { phone: request.phone })
      }
    },
    ...people.map(({ id, name }) => ({ e: 'staff', k: id, set: { name } }))
  ]);
  // A centre that begins empty could neither ask nor note what a consultation was about.
  await introduce(deps, administrator.value, [surveyRecord()]);
  await introduce(deps, administrator.value, ...inOperations(topicRecords()));
  return ok(administrator.value);
}

function inOperations<Item>(changes: readonly Item[]): readonly (readonly Item[])[] {
  const count = Math.ceil(changes.length / maxChanges);
  return Array.from({ length: count }, (_, index) =>
    changes.slice(index * maxChanges, (index + 1) * maxChanges)
  );
}

/** Writes records in the name of an office user by a device that exists only for it. */
export async function introduce(
  deps: AccessDeps & { readonly service: SyncService },
  user: OfficeUser,
  ...operations: Parameters<typeof writeAs>[2]
): Promise<void> {
  const identity = {
    device: `${serversOwnPrefix}${newSecret(deps).slice(0, 12)}`,
    secret: newSecret(deps),
    user: user.id,
    role: user.role,
    name: 'server'
  };
  await putDevice(deps, identity);
  await writeAs(deps, identity, operations);
  await revokeDevice(deps, identity.device);
}
