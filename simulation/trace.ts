import { createHash } from 'node:crypto';

/** A broken promise of the system under simulation. */
export interface Failure {
  /** The oracle that saw it. */
  readonly oracle: string;
  readonly detail: string;
}

/** What happened in one schedule, line by line, with a hash that two runs of one seed must share. */
export class Trace {
  readonly lines: string[] = [];
  readonly failures: Failure[] = [];
  readonly #hash = createHash('sha256');

  note(line: string): void {
    this.lines.push(line);
    this.#hash.update(`${line}\n`);
  }

  fail(oracle: string, detail: string): void {
    this.failures.push({ oracle, detail });
    this.note(`BROKEN ${oracle}: ${detail}`);
  }

  digest(): string {
    return this.#hash.digest('hex').slice(0, 16);
  }
}

/** Thrown at a fault point: the program ends here as in a crash. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

/** Dexie wraps what is thrown inside a transaction. */
export function isCrash(error: unknown): boolean {
  if (error instanceof CrashError) return true;
  return typeof error === 'object' && error !== null && 'inner' in error && error.inner instanceof CrashError;
}
