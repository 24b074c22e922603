import type { DeviceDatabase, DeviceState } from '$lib/storage/database.ts';
import { LiveQuery } from '$lib/storage/live-query.ts';
import { isNewerThan, type Program } from '$lib/storage/program.ts';
import type { RunnerStatus } from './runner.ts';

/** What the exchange with the centre is doing and what waits: everything that the safety line and the exchange page show. */
export class SyncStatus {
  #runner = $state.raw<RunnerStatus>({ type: 'idle' });
  #batch = $state.raw<{ done: number; total: number } | undefined>(undefined);
  readonly #waiting: LiveQuery<number>;
  readonly #attention: LiveQuery<number>;
  readonly #state: LiveQuery<DeviceState | undefined>;
  readonly #complete: LiveQuery<readonly string[]>;

  readonly #program: Program;

  constructor(database: DeviceDatabase) {
    this.#program = database.program;
    this.#waiting = new LiveQuery(() => database.outbox.count());
    this.#attention = new LiveQuery(() => database.attention.where('state').equals('open').count());
    this.#state = new LiveQuery(() => database.meta.get('state'));
    this.#complete = new LiveQuery(async () => {
      const cursors = await database.cursors.toArray();
      return cursors.filter((row) => row.complete).map((row) => row.stream);
    });
  }

  /** Called by the runner. */
  note(status: RunnerStatus): void {
    this.#runner = status;
    if (status.type !== 'sending') this.#batch = undefined;
    else this.#batch ??= { done: 0, total: this.waiting };
  }

  get runner(): RunnerStatus {
    return this.#runner;
  }

  /** While sending: how many of those that waited at the start are delivered. */
  get progress(): { done: number; total: number } | undefined {
    const batch = this.#batch;
    if (batch === undefined || batch.total === 0) return undefined;
    return { done: Math.max(0, batch.total - this.waiting), total: batch.total };
  }

  /** Operations that wait for a connection. */
  get waiting(): number {
    return this.#waiting.value ?? 0;
  }

  /** Refused and held operations that somebody has to look at. */
  get attention(): number {
    return this.#attention.value ?? 0;
  }

  /** Whether a newer version of the program has written here, so that this one only shows and sends. */
  get readOnly(): boolean {
    return isNewerThan(this.#program, this.state);
  }

  get state(): DeviceState | undefined {
    return this.#state.value;
  }

  /** Whether all of a stream has arrived: screens that count say «ещё загружается» until then. */
  isComplete(stream: string): boolean {
    return this.#complete.value?.includes(stream) ?? false;
  }
}
