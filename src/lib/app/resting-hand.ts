/** A hand that has stored nothing for so long rests: nobody taps three times in a second. */
const restMs = 300;
/** Whoever stores more often than that for so long is no hand. */
const longestMs = 10_000;

/**
 * Timers of what can wait, such as an exchange, that do not begin it between two quick taps: on a slow tablet the next tap would
 * wait until what waits has been gathered and packed.
 */
export class RestingHand {
  #movedAt = -Infinity;

  /** Something was stored for a person just now. */
  moved(): void {
    this.#movedAt = performance.now();
  }

  /** Returns how to stop it. */
  readonly setTimer = (callback: () => void, delayMs: number): (() => void) => {
    const latest = performance.now() + delayMs + longestMs;
    const begin = (): void => {
      const now = performance.now();
      const rest = this.#movedAt + restMs - now;
      if (rest <= 0 || now >= latest) callback();
      else timer = setTimeout(begin, rest);
    };
    let timer = setTimeout(begin, delayMs);
    return () => clearTimeout(timer);
  };
}
