import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import '#simulation/clone.ts';
import type { Random } from '#simulation/random.ts';
import { attendanceId, type AttendanceStatus } from '#domain/records/attendance.ts';
import type { SyncResponse } from '#domain/sync/protocol.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import type { DeviceEnvironment } from '$lib/storage/environment.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { write } from '$lib/storage/write.ts';
import { exchange, type ExchangeResult } from '$lib/sync/exchange.ts';
import { createPackedTransport } from '$lib/sync/packing.ts';
import { createSyncRunner, type SyncRunner } from '$lib/sync/runner.ts';
import { createHttpPost, readAnswer, type Transport } from '$lib/sync/transport.ts';
import type { Credentials } from './enrol.ts';

/** A mark of which the screen said that it is saved. */
export interface SavedMark {
  readonly key: string;
  readonly status: AttendanceStatus;
}

/** Everything that waits is so many times shorter than in the field: round trips, rates, pauses. */
export const pace = 25;

/** A minute in the field; not shortened as much as the rest, because the processors are not quicker here. */
const requestTimeoutMs = 8_000;
const statuses = ['present', 'late', 'absent', 'excused'] as const;
const compress = promisify(gzip);

/** One tablet: the real storage, exchange and runner over real HTTP, and what the people at it were told. */
export class Tablet {
  readonly id: string;
  readonly database: DeviceDatabase;
  /** By number, what the screen said was saved. */
  readonly saved = new Map<number, SavedMark>();
  /** By number, the seq under which the server said that it has it. */
  readonly acknowledged = new Map<number, number>();
  /** Operations that the server knew already: committed, and the answer was lost. */
  repeats = 0;
  /** How exchanges ended. */
  readonly results = new Map<ExchangeResult['type'], number>();
  readonly errors: unknown[] = [];
  readonly #environment: DeviceEnvironment;
  readonly #runner: SyncRunner;
  readonly #random: Random;

  private constructor(given: {
    readonly id: string;
    readonly database: DeviceDatabase;
    readonly url: string;
    readonly random: Random;
  }) {
    const { id, database, url, random } = given;
    this.id = id;
    this.database = database;
    this.#random = random;
    this.#environment = {
      now: () => Date.now(),
      mono: () => performance.now(),
      page: id,
      randomBytes: random.bytes
    };
    const transport = this.#listeningTransport(url);
    this.#runner = createSyncRunner({
      exchange: async (limits) => {
        const result = await exchange(database, this.#environment, transport, { build: 'processes', limits });
        this.results.set(result.type, (this.results.get(result.type) ?? 0) + 1);
        return result;
      },
      alone: (cycle) => cycle(),
      now: () => performance.now() * pace,
      random: random.branch(1).next,
      setTimer: (callback, delayMs) => {
        const timer = setTimeout(callback, delayMs / pace);
        return () => clearTimeout(timer);
      },
      onStatus: () => undefined,
      onError: (error) => this.errors.push(error)
    });
  }

  static async open(credentials: Credentials, url: string, random: Random): Promise<Tablet> {
    const { id, secret } = credentials;
    const database = new DeviceDatabase('zimnik', { indexedDB: new IDBFactory(), IDBKeyRange });
    await database.open();
    await ensureIdentity(database, { device: id, secret, role: 'field', user: 'u1', name: id });
    return new Tablet({ id, database, url, random });
  }

  /** The program's own transport, and an ear for what the server promises in its answers. */
  #listeningTransport(url: string): Transport {
    const post = createHttpPost({
      fetch,
      url: `${url}/api/sync`,
      timeoutMs: requestTimeoutMs,
      gzip: async (text) => new Uint8Array(await compress(text))
    });
    const transport = createPackedTransport(post, this.database, () => performance.now());
    const listening: Transport = async (request, credentials) => {
      const raw = await transport(request, credentials);
      const answer = readAnswer(raw);
      if (answer !== undefined && 'acks' in answer)
        for (const { n, to = n, seq, repeat } of answer.acks) {
          for (let number = n; number <= to; number++) this.acknowledged.set(number, seq + number - n);
          if (repeat === true) this.repeats += to - n + 1;
        }
      return raw;
    };
    return Object.assign(listening, { askAhead: (answer: SyncResponse) => transport.askAhead?.(answer) });
  }

  /** Somebody marks a few people of a session, some of whom are marked on other tablets too. */
  async mark(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const mine = this.#random.chance(0.7) ? this.id : 'all';
      const key = attendanceId(`session-${mine}`, `p${this.#random.below(mine === 'all' ? 20 : 5_000)}`);
      const status = this.#random.pick(statuses);
      const at = Date.now();
      const change = { type: 'attendance', id: key, set: { status, at } } as const;
      const { n } = await write(this.database, this.#environment, { by: 'u1', changes: [change] });
      this.saved.set(n, { key, status });
    }
    this.#runner.nudge();
  }

  waiting(): Promise<number> {
    return this.database.outbox.count();
  }

  /** «Отправить сейчас». */
  send(): Promise<void> {
    return this.#runner.now();
  }

  stop(): void {
    this.#runner.stop();
  }

  close(): void {
    this.#runner.stop();
    this.database.close();
  }
}
