export interface TurnsOptions {
  /** Exchanges that run side by side. One where a single thread and a single writer do all the work. */
  readonly atOnce: number;
  /** Monotonic clock, ms. */
  readonly mono: () => number;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  /**
   * Calls back when the process has looked at its sockets. Every exchange begins so: otherwise one would follow the other
   * while those who wait still lie in the system's buffers, where nobody sees how many they are.
   */
  readonly afterOthers: (callback: () => void) => void;
}

export type Turn =
  | { readonly kind: 'turn'; readonly end: () => void }
  /** Nothing was done: come again after so many ms. */
  | { readonly kind: 'later'; readonly afterMs: number };

/** Whoever would wait longer than this is asked to come later, ms … */
const longestWaitMs = 1_000;
/** … and who comes for the first time already at this: the rest is for those who came before and were sent away. */
const newcomersWaitMs = 500;
/** Each time that somebody comes when appointed and finds no room, its next wait may be longer by so much, ms. */
const missedMs = 250;
/** So few are always let in: an estimate that one slow exchange has spoilt must be able to mend. */
const alwaysIn = 4;
/** Nobody is sent away for less, ms: on a slow link the way itself takes longer. */
const soonestMs = 1_000;
const latestMs = 300_000;
/** How much of the newest exchange goes into the estimate. */
const newestShare = 0.1;
const firstEstimateMs = 20;
/** An appointment counts a little before its time: timers of devices are not exact, ms. */
const slackMs = 50;
/** So many appointments are remembered; of those above, the oldest are forgotten and come as newcomers. */
const mostAppointments = 10_000;

interface Appointment {
  /** Monotonic ms. */
  readonly at: number;
  /** How many times it was kept in vain. */
  readonly missed: number;
}

/**
 * Lets exchanges run one after another in the order in which they came, as long as the wait is short. Whoever would wait too
 * long gets an appointment instead: appointments are as far apart as exchanges take, so that those who come back find room,
 * and they go before newcomers, so that everybody gets through.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #queue: (() => void)[] = [];
  /** Places that are taken, or about to be. */
  #running = 0;
  #inside = 0;
  /** Between the ends of two exchanges while there was always one to do: what one more costs, ms. */
  #eachMs = firstEstimateMs;
  #lastEnd = -Infinity;
  /** By device. */
  readonly #appointments = new Map<string, Appointment>();
  /** Up to this moment the time is given away to those who were sent away. */
  #givenUpTo = -Infinity;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Exchanges that run or wait. */
  get length(): number {
    return this.#inside;
  }

  /** How long one more would wait, ms. */
  get waitMs(): number {
    return this.length * this.#eachMs;
  }

  /** Resolves when it is this device's turn, or at once when it is to come later. `end` must be called, once. */
  async take(device: string): Promise<Turn> {
    const now = this.#options.mono();
    const known = this.#appointments.get(device);
    const isExpected = known !== undefined && now >= known.at - slackMs;
    const most = isExpected ? longestWaitMs + known.missed * missedMs : newcomersWaitMs;
    if (this.length >= alwaysIn && this.waitMs > most) {
      // Who comes before its time keeps the appointment.
      const { at } =
        known !== undefined && !isExpected
          ? known
          : this.#appoint(device, now, known === undefined ? 0 : known.missed + 1);
      const afterMs = Math.max(soonestMs, at - now) * (1 + this.#options.random() / 4);
      return { kind: 'later', afterMs: Math.round(afterMs) };
    }
    this.#appointments.delete(device);
    this.#inside += 1;
    await new Promise<void>((come) => {
      this.#queue.push(come);
      if (this.#running < this.#options.atOnce) {
        this.#running += 1;
        this.#options.afterOthers(() => this.#next());
      }
    });
    return { kind: 'turn', end: () => this.#end(now) };
  }

  #end(arrivedAt: number): void {
    const now = this.#options.mono();
    this.#inside -= 1;
    const tookMs = now - Math.max(this.#lastEnd, arrivedAt);
    this.#eachMs += (tookMs - this.#eachMs) * newestShare;
    this.#lastEnd = now;
    this.#options.afterOthers(() => this.#next());
  }

  /** The place of one that has ended goes to whoever waits longest. */
  #next(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }

  #appoint(device: string, now: number, missed: number): Appointment {
    // The first one comes when a half of those who wait is through: the server shall not stand idle.
    const earliest = now + Math.max(soonestMs, this.waitMs / 2);
    const at = Math.min(Math.max(this.#givenUpTo, earliest), now + latestMs);
    this.#givenUpTo = at + this.#eachMs;
    // The last one asked stands last: of too many the oldest is forgotten.
    this.#appointments.delete(device);
    this.#appointments.set(device, { at, missed });
    if (this.#appointments.size > mostAppointments) {
      const [oldest] = this.#appointments.keys();
      if (oldest !== undefined) this.#appointments.delete(oldest);
    }
    return { at, missed };
  }
}
