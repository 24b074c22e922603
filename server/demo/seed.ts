import type { Role } from '#domain/records/definition.ts';
import { schemaVersion } from '#domain/sync/operation.ts';
import { putDevice } from '#server/access/devices.ts';
import { newSecret, type AccessDeps } from '#server/access/access-deps.ts';
import type { SyncService } from '#server/sync/sync-service.ts';

/** A history that becomes the log of an empty centre: what `demo/` makes, as far as the server needs it. */
export interface SeedContent {
  /** In historical order. */
  readonly batches: readonly SeedBatch[];
  /** Every device in the batches, but those of respondents: they register themselves. */
  readonly devices: readonly {
    readonly id: string;
    readonly role: Role;
    readonly user: string;
    readonly name: string;
  }[];
  readonly staff: readonly {
    readonly user: string;
    readonly role: Exclude<Role, 'respondent'>;
    readonly name: string;
    readonly phone: string;
  }[];
  /** What the three links open. */
  readonly links: {
    readonly field: { readonly user: string; readonly deviceName: string };
    readonly survey: { readonly link: string };
    readonly office: { readonly user: string };
  };
}

/** One exchange of one device. */
export interface SeedBatch {
  readonly device: string;
  readonly user: string;
  /** When it reached the server, UTC ms. */
  readonly at: number;
  readonly operations: readonly {
    /** When it was written, UTC ms. */
    readonly w: number;
    readonly by: string;
    readonly changes: readonly {
      readonly e: string;
      readonly k: string;
      readonly set: Readonly<Record<string, unknown>>;
      /** `false`: the device had not received what others wrote here. */
      readonly sawAll?: false;
      /** `set.upTo` becomes the seq that the server had when this batch came. */
      readonly upToAll?: true;
    }[];
  }[];
  /** What the device still keeps after this exchange. */
  readonly waiting?: { readonly count: number; readonly oldest: number };
  /** The campaign's link with which a respondent's device registers itself. */
  readonly link?: string;
}

type SeedDeps = AccessDeps & { readonly service: SyncService };

const batchSize = 500;

/** Brings a history into the log through the same exchange that real devices use, at the times when it «happened». */
export async function seed(
  deps: SeedDeps,
  content: Pick<SeedContent, 'batches' | 'devices'> & { readonly staff?: SeedContent['staff'] }
): Promise<void> {
  const secrets = new Map<string, string>();
  const createdAt = content.batches[0]?.at ?? deps.clock();
  for (const { id, role, user, name } of content.devices) {
    if (role === 'respondent') continue;
    const secret = newSecret(deps);
    secrets.set(id, secret);
    const holderPhone = content.staff?.find((person) => person.user === user)?.phone ?? null;
    await putDevice(deps, { device: id, role, user, name, secret, createdAt, holderPhone });
  }
  const next = new Map<string, number>();
  for (const batch of content.batches) {
    const secret = secrets.get(batch.device) ?? newSecret(deps);
    secrets.set(batch.device, secret);
    for (let from = 0; from < batch.operations.length; from += batchSize) {
      const operations = batch.operations.slice(from, from + batchSize);
      const firstN = next.get(batch.device) ?? 1;
      await push(deps, { ...batch, operations }, secret, firstN);
      next.set(batch.device, firstN + operations.length);
    }
  }
}

async function push(deps: SeedDeps, batch: SeedBatch, secret: string, firstN: number): Promise<void> {
  const centre = await deps.storage.readSnapshot((snapshot) => snapshot.centre(deps.centre));
  if (centre === undefined) throw new Error('the centre was not made');
  const { seq, epoch } = centre;
  const request = {
    z: 1,
    device: batch.device,
    epoch,
    build: 'demo',
    now: batch.at,
    clock: 0,
    oldestPending: batch.waiting?.oldest ?? null,
    pending: batch.waiting?.count ?? 0,
    head: null,
    ops: batch.operations.map(({ w, by, changes }, index) => ({
      n: firstN + index,
      w,
      c: 0,
      v: schemaVersion,
      by,
      ep: epoch,
      ch: changes.map(({ e, k, set, sawAll, upToAll }) => ({
        e,
        k,
        set: upToAll === true ? { ...set, upTo: seq } : set,
        base: sawAll === false ? 0 : seq
      }))
    })),
    cursors: {},
    maxBytes: 1_000
  };
  const answer = await deps.service.exchange(request, {
    secret,
    ...(batch.link === undefined ? {} : { link: batch.link }),
    officeSession: () => Promise.resolve(batch.user),
    serverNow: batch.at
  });
  const trouble =
    answer.kind === 'ok'
      ? answer.acks.find((ack) => ack.o === 'refused' || ack.o === 'held')
      : { kind: answer.kind };
  if (trouble !== undefined)
    throw new Error(`the demonstration's ${batch.device} was answered ${JSON.stringify(trouble)}`);
}
