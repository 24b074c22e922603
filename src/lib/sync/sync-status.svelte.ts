import type { DeviceDatabase, DeviceState } from '$lib/storage/database.ts';
import { LiveQuery } from '$lib/storage/live-query.ts';
import { liveNumbers, liveState } from '$lib/storage/live-rows.ts';
import { isNewerThan, type Program } from '$lib/storage/program.ts';
import type { RunnerStatus } from './runner.ts';
import type { UploadsResult } from './uploads.ts';

/** What the exchange with the centre is doing and what waits: everything that the safety line and the exchange page show. */
export class SyncStatus {
  #runner = $state.raw<RunnerStatus>({ type: 'idle' });
  #batch = $state.raw<{ done: number; total: number } | undefined>(undefined);
  // Every tap changes these two: they are handed over with what it stored, and not read again.
  readonly #waiting;
  readonly #state;
  readonly #files: LiveQuery<number>;
  #filesResult = $state.raw<UploadsResult>('done');
  readonly #attention: LiveQuery<number>;
  readonly #complete: LiveQuery<readonly string[]>;

  readonly #program: Program;

  constructor(database: DeviceDatabase) {
    this.#program = database.program;
    this.#waiting = liveNumbers(database);
    this.#state = liveState(database);
    this.#files = new LiveQuery(() => database.attachments.where('state').equals('to_upload').count());
    this.#attention = new LiveQuery(() => database.attention.where('state').equals('open').count());
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
    return this.#waiting.value?.length ?? 0;
  }

  /** Photos that wait for a connection, beside operations. */
  get files(): number {
    return this.#files.value ?? 0;
  }

  /** How the last sending of photos ended; called by its runner. */
  noteFiles(result: UploadsResult): void {
    this.#filesResult = result;
  }

  /** The centre keeps its space for records: photos stay here until it has more. */
  get isCentreFull(): boolean {
    return this.#filesResult === 'no_space';
  }

  /** Refused and held operations that somebody has to look at. */
  get attention(): number {
    return this.#attention.value ?? 0;
  }

  /** Whether all that waits has been counted: until then nothing may be said of it. */
  get isRead(): boolean {
    return [this.#waiting, this.#files, this.#attention, this.#state].every(
      ({ value }) => value !== undefined
    );
  }

  /** Whether a newer version of the program has written here, so that this one only shows and sends. */
  get readOnly(): boolean {
    return isNewerThan(this.#program, this.state);
  }

  get state(): DeviceState | undefined {
    return this.#state.value?.[0];
  }

  /** Whether all of a stream has arrived: screens that count say «ещё загружается» until then. */
  isComplete(stream: string): boolean {
    return this.#complete.value?.includes(stream) ?? false;
  }
}
