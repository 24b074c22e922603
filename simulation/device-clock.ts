/** A device's clocks: the wall clock may be wrong and may be moved, the monotonic one stops while the device sleeps. */
export class DeviceClock {
  readonly #trueNow: () => number;
  #offset: number;
  /** Wall ms per true ms. */
  readonly #drift: number;
  readonly #startedAt: number;
  #slept = 0;
  /** Whether anybody ever moved it: then its times may be suspect. */
  moved = false;

  constructor(trueNow: () => number, offset: number, drift: number) {
    this.#trueNow = trueNow;
    this.#offset = offset;
    this.#drift = drift;
    this.#startedAt = trueNow();
  }

  wall(): number {
    const passed = this.#trueNow() - this.#startedAt;
    return Math.round(this.#startedAt + passed * this.#drift + this.#offset);
  }

  /** Time since the device was switched on without its sleep, ms. */
  uptime(): number {
    return this.#trueNow() - this.#startedAt - this.#slept;
  }

  step(byMs: number): void {
    this.#offset += byMs;
    this.moved = true;
  }

  setTo(wall: number): void {
    this.step(wall - this.wall());
  }

  sleep(ms: number): void {
    this.#slept += ms;
  }

  copy(): DeviceClock {
    return new DeviceClock(this.#trueNow, this.wall() - this.#trueNow(), this.#drift);
  }
}
