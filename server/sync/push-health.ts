import { storageTrouble } from '#server/storage-trouble.ts';

/** A push that failed so long ago, ms, says nothing of now: devices come again after half of it. */
const countsMs = 60_000;

/**
 * Whether pushes get through to the disk. A probe that writes one small row cannot tell: on a full disk it still finds room in
 * a journal that had grown before, and a push does not.
 */
export class PushHealth {
  readonly #clock: () => number;
  #last: { readonly at: number; readonly trouble: string } | undefined;

  /** `clock`: UTC ms. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  failed(error: unknown): void {
    const trouble = storageTrouble(error);
    if (trouble !== undefined) this.#last = { at: this.#clock(), trouble };
  }

  succeeded(): void {
    this.#last = undefined;
  }

  /** The code of the trouble that the last push met, if that was a short time ago. */
  get trouble(): string | undefined {
    if (this.#last === undefined || Math.abs(this.#clock() - this.#last.at) > countsMs) return undefined;
    return this.#last.trouble;
  }
}
