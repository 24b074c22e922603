const key = 'zimnik.demo-step';

/** Where the guest is in the script: one place for all tabs of the browser. */
export class StepCount {
  #at = $state(Number(localStorage.getItem(key)) || 0);
  readonly #last: number;

  constructor(last: number) {
    this.#last = last;
  }

  /** From 0; `last` is the end. */
  get at(): number {
    return Math.min(this.#at, this.#last);
  }

  go(by: number): void {
    this.#at = Math.max(0, Math.min(this.#last, this.at + by));
    localStorage.setItem(key, String(this.#at));
  }

  /** Another tab went on. */
  follow(event: StorageEvent): void {
    if (event.key === key || event.key === null) this.#at = Number(localStorage.getItem(key)) || 0;
  }
}
