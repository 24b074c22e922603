import { schemaVersion, type Change } from '#domain/sync/operation.ts';
import type { SyncService } from '#server/sync/sync-service.ts';
import type { AccessDeps } from './access-deps.ts';
import type { DeviceIdentity } from './enrolments.ts';

/**
 * Writes records on behalf of a user through the same exchange that devices use, so that the log has one way in.
 * Operations are numbered from `firstN`. Throws when one of them was not applied: then this program itself is wrong.
 */
export async function writeAs(
  deps: AccessDeps & { readonly service: SyncService },
  identity: DeviceIdentity,
  operations: readonly (readonly Omit<Change, 'base'>[])[],
  firstN = 1
): Promise<void> {
  const now = deps.clock();
  const epoch = (await deps.storage.readSnapshot((snapshot) => snapshot.centre(deps.centre)))?.epoch ?? null;
  const request = {
    z: 1,
    device: identity.device,
    epoch,
    build: 'server',
    now,
    clock: 0,
    oldestPending: null,
    pending: 0,
    head: null,
    ops: operations.map((changes, index) => ({
      n: firstN + index,
      w: now,
      c: 0,
      v: schemaVersion,
      by: identity.user,
      ch: changes.map((change) => ({ ...change, base: 0 }))
    })),
    cursors: {},
    maxBytes: 1_000
  };
  const answer = await deps.service.exchange(request, {
    secret: identity.secret,
    officeSession: () => Promise.resolve(identity.user)
  });
  if (answer.kind !== 'ok') throw new Error(`the server's own records were answered ${answer.kind}`);
  const failed = answer.acks.find((ack) => ack.o !== 'applied' && ack.o !== 'superseded');
  if (failed !== undefined) throw new Error(`the server's own record was judged ${JSON.stringify(failed)}`);
}
