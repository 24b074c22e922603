import type { Role } from '#domain/records/definition.ts';
import type { Acknowledgement, SyncAnswer, SyncResponse } from '#domain/sync/protocol.ts';
import { openTestStorage, type TestStorage } from '#server/storage/testing-storage.ts';
import { newDevice } from './authenticate.ts';
import { ensureCentre } from './centre.ts';
import { nodeHashing } from './node-hashing.ts';
import { Pokes } from './pokes.ts';
import type { ExchangeContext, SyncDeps } from './sync-deps.ts';
import { createSyncService, type SyncService } from './sync-service.ts';

/** A centre on a real database of its own, for tests. */
export interface TestCentre extends TestStorage {
  readonly deps: SyncDeps;
  readonly service: SyncService;
  /** Moves the server's clock, UTC ms. */
  now: number;
}

const testNow = 1_764_000_000_000;

export async function openTestCentre(overrides: Partial<SyncDeps> = {}): Promise<TestCentre> {
  const kept = await openTestStorage();
  let counter = 0;
  const centre = { ...kept, now: testNow };
  const deps: SyncDeps = {
    storage: kept.storage,
    centre: 'centre',
    clock: () => centre.now,
    // Different bytes at every call, the same in every run.
    random: (length) =>
      Uint8Array.from({ length }, () => {
        counter = (Math.imul(counter, 1_103_515_245) + 12_345) >>> 0;
        return counter >>> 16;
      }),
    hashing: nodeHashing,
    pokes: new Pokes(),
    ...overrides
  };
  await ensureCentre(deps);
  return Object.assign(centre, { deps, service: createSyncService(deps) });
}

/** A device of a test: counts its operations and remembers what it was told. */
export class TestDevice {
  readonly id: string;
  readonly user: string;
  readonly secret: string;
  readonly #centre: TestCentre;
  epoch: string | null = null;
  head: [number, string] | null = null;
  cursors: Record<string, number> = {};
  /** Its clock is so far ahead of the server's, ms. */
  skew = 0;
  clockPeriod = 0;
  n = 0;
  signedIn = true;
  link: string | undefined;
  /** The present role of its user's account, where the test has accounts. */
  officeRole: ExchangeContext['officeRole'];

  constructor(centre: TestCentre, id: string, user: string) {
    this.#centre = centre;
    this.id = id;
    this.user = user;
    this.secret = `secret-of-${id}-0123456789`;
  }

  get now(): number {
    return this.#centre.now + this.skew;
  }

  /** The next operation of this device. */
  operation(
    ch: readonly { e: string; k: string; set: Record<string, unknown>; base?: number }[],
    more: Record<string, unknown> = {}
  ): Record<string, unknown> {
    this.n++;
    return {
      n: this.n,
      w: this.now,
      c: this.clockPeriod,
      v: 1,
      by: this.user,
      ch: ch.map((change) => ({ base: 0, ...change })),
      ...(this.epoch === null ? {} : { ep: this.epoch }),
      ...more
    };
  }

  request(ops: readonly unknown[], more: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      z: 1,
      device: this.id,
      epoch: this.epoch,
      build: 'test',
      now: this.now,
      clock: this.clockPeriod,
      oldestPending: null,
      pending: ops.length,
      head: this.head,
      ops,
      cursors: this.cursors,
      maxBytes: 1_000_000,
      ...more
    };
  }

  get context(): ExchangeContext {
    return {
      secret: this.secret,
      ...(this.link === undefined ? {} : { link: this.link }),
      officeSession: () => Promise.resolve(this.signedIn ? this.user : undefined),
      ...(this.officeRole === undefined ? {} : { officeRole: this.officeRole })
    };
  }

  async exchange(ops: readonly unknown[], more: Record<string, unknown> = {}): Promise<SyncResponse> {
    const answer = await this.#centre.service.exchange(this.request(ops, more), this.context);
    if (answer.kind === 'ok') {
      this.epoch = answer.epoch;
      this.head = answer.head;
      for (const page of answer.streams) this.cursors[page.stream] = page.to;
    }
    return answer;
  }

  /** An exchange that must be answered in full. */
  async ok(ops: readonly unknown[], more: Record<string, unknown> = {}): Promise<SyncAnswer> {
    const answer = await this.exchange(ops, more);
    if (answer.kind !== 'ok') throw new Error(`answered ${JSON.stringify(answer)}`);
    return answer;
  }
}

export async function enrol(centre: TestCentre, id: string, role: Role, user: string): Promise<TestDevice> {
  const device = new TestDevice(centre, id, user);
  const secretHash = nodeHashing.sha256(device.secret);
  await centre.storage.withTransaction((tx) =>
    tx.putDevice(
      centre.deps.centre,
      newDevice({ id, secretHash, role, user, name: id, createdAt: centre.now })
    )
  );
  return device;
}

/** Acknowledgements one by one: `1 applied 5`. */
export function spelled(acks: readonly Acknowledgement[]): readonly string[] {
  return acks.map((ack) => {
    const numbers = ack.to === undefined ? String(ack.n) : `${ack.n}–${ack.to}`;
    const reason = 'reason' in ack ? `(${ack.reason})` : '';
    return `${numbers} ${ack.o}${reason} ${ack.seq}${ack.repeat === true ? ' repeat' : ''}`;
  });
}
