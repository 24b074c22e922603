import type { UploadsResult } from './uploads.ts';

export interface UploadRunnerOptions {
  readonly send: () => Promise<UploadsResult>;
  /** Runs alone among the tabs of this database; correctness does not depend on it. */
  readonly alone: (round: () => Promise<UploadsResult>) => Promise<UploadsResult>;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly setTimer: (callback: () => void, delayMs: number) => () => void;
  /** How the last round ended, for screens. */
  readonly onResult: (result: UploadsResult) => void;
  readonly onError: (error: unknown) => void;
}

export interface UploadRunner {
  /** An exchange has ended well: the operations that name the files are there. */
  readonly kick: () => void;
  readonly stop: () => void;
}

const firstRetryMs = 4_000;
const longestRetryMs = 15 * 60_000;
/** A centre without space is not asked at every exchange. */
const noSpaceMs = 10 * 60_000;

/** Sends files after operations, one round at a time, again with backoff and full jitter while some are left. */
export function createUploadRunner(options: UploadRunnerOptions): UploadRunner {
  let isStopped = false;
  let isRunning = false;
  let again = false;
  let isOutOfSpace = false;
  let failures = 0;
  let cancelTimer = (): void => undefined;

  function kick(): void {
    if (isStopped || isOutOfSpace) return;
    if (isRunning) {
      again = true;
      return;
    }
    void round();
  }

  async function round(): Promise<void> {
    cancelTimer();
    isRunning = true;
    again = false;
    let result: UploadsResult = 'later';
    try {
      result = await options.alone(options.send);
    } catch (error) {
      if (!isStopped) options.onError(error);
    }
    isRunning = false;
    if (isStopped) return;
    options.onResult(result);
    switch (result) {
      case 'done':
        failures = 0;
        break;
      case 'operations_first':
        // The exchange kicks again when they are there.
        break;
      case 'no_space':
        isOutOfSpace = true;
        retry(noSpaceMs);
        return;
      case 'no_network':
      case 'later': {
        failures += 1;
        const ceiling = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 12));
        retry(Math.max(1_000, Math.floor(options.random() * ceiling)));
      }
    }
    if (again) kick();
  }

  function retry(delayMs: number): void {
    cancelTimer = options.setTimer(() => {
      isOutOfSpace = false;
      kick();
    }, delayMs);
  }

  return {
    kick,
    stop: () => {
      isStopped = true;
      cancelTimer();
    }
  };
}
