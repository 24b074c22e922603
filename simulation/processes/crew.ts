import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '#simulation/random.ts';
import type { Credentials } from './enrol.ts';
import { openLink, type CountingLink } from './link.ts';
import type { Moment } from './request-watch.ts';
import { pace, Tablet } from './tablet.ts';

/** In the field a link that dies does so every 20 s. */
const diesEveryMs = 20_000 / pace;
/** Longest silence after everything was healed, ms: then something is stuck. */
const stuckMs = 60_000;

/** Several tablets, each over a bad link of its own, and the people who mark on them. */
export class Crew {
  readonly tablets: readonly Tablet[];
  readonly #links: readonly CountingLink[];
  readonly #random: Random;
  #works = true;
  #running: Promise<unknown> = Promise.resolve();
  readonly #faults = { cut: 0, half_open: 0, portal: 0 };

  private constructor(tablets: readonly Tablet[], links: readonly CountingLink[], random: Random) {
    this.tablets = tablets;
    this.#links = links;
    this.#random = random;
  }

  static async open(
    credentials: readonly Credentials[],
    target: number | (() => number),
    random: Random
  ): Promise<Crew> {
    const links = await Promise.all(credentials.map(() => openLink(target)));
    const tablets = await Promise.all(
      credentials.map((one, index) => Tablet.open(one, links[index]?.url ?? '', random.branch(100 + index)))
    );
    return new Crew(tablets, links, random.branch(1));
  }

  /** People mark and links break until `heal`. */
  begin(): void {
    for (const [index, link] of this.#links.entries()) {
      const random = this.#random.branch(200 + index);
      link.shape({
        roundTripMs: (600 + random.below(900)) / pace,
        // 20 to 50 kbit/s
        bytesPerMs: (2.5 + random.next() * 3.75) * pace,
        ...(index === 0 ? { diesEveryMs } : {})
      });
    }
    this.#running = Promise.all([
      ...this.tablets.map((tablet, index) => this.#mark(tablet, this.#random.branch(300 + index))),
      ...this.#links.map((link, index) => this.#break(link, this.#random.branch(400 + index)))
    ]);
  }

  async #mark(tablet: Tablet, random: Random): Promise<void> {
    while (this.#works) {
      await pause((2_000 + random.below(18_000)) / pace);
      await tablet.mark(1 + random.below(random.chance(0.05) ? 100 : 6));
    }
  }

  async #break(link: CountingLink, random: Random): Promise<void> {
    while (this.#works) {
      await pause((5_000 + random.below(40_000)) / pace);
      const type = random.pick(['cut', 'cut', 'half_open', 'portal'] as const);
      this.#faults[type] += 1;
      if (type === 'portal') {
        link.portal(true);
        await pause(10_000 / pace);
        link.portal(false);
      } else link.fault({ type, way: random.pick(['up', 'down']), afterBytes: random.below(2_000) });
    }
  }

  /** Resolves when a request has come to this moment at some tablet, or after `longestMs`. */
  reached(moment: Moment, longestMs: number): Promise<void> {
    return new Promise((resolve) => {
      const stops = this.#links.map((link) =>
        link.onMoment((now) => {
          if (now === moment) done();
        })
      );
      const timer = setTimeout(done, longestMs);
      function done(): void {
        stops.forEach((stop) => stop());
        clearTimeout(timer);
        resolve();
      }
    });
  }

  /** How far the request is that has come farthest among those that the server has begun to see. */
  moment(): Moment {
    const moments = new Set(this.#links.map((link) => link.moment()));
    return (['working', 'sending', 'answering'] as const).find((one) => moments.has(one)) ?? 'idle';
  }

  /** Nobody marks any more, the links are good: everything has to arrive, and every tablet to hear of it. */
  async heal(): Promise<void> {
    this.#works = false;
    await this.#running;
    for (const link of this.#links) {
      link.shape(undefined);
      link.fault(undefined);
      link.portal(false);
    }
    let left = Infinity;
    let movedAt = performance.now();
    for (;;) {
      const waiting = await Promise.all(this.tablets.map((tablet) => tablet.waiting()));
      const now = waiting.reduce((sum, count) => sum + count, 0);
      if (now === 0) break;
      if (now < left) movedAt = performance.now();
      left = now;
      if (performance.now() - movedAt > stuckMs) return;
      await Promise.all(this.tablets.map((tablet) => tablet.send()));
      await pause(50);
    }
    // Once more, so that each hears what came after its own last exchange.
    for (let round = 0; round < 2; round++) {
      await Promise.all(this.tablets.map((tablet) => tablet.send()));
      await pause(100);
    }
  }

  /** What happened to them, in words. */
  told(): string {
    const { cut, half_open: halfOpen, portal } = this.#faults;
    return (
      `${cut} cuts, ${halfOpen} half-open connections, ${portal} portals; ` +
      `${this.sum((tablet) => tablet.saved.size)} marks saved, ` +
      `${this.sum((tablet) => tablet.repeats)} of them committed though their answer was lost`
    );
  }

  sum(count: (tablet: Tablet) => number): number {
    return this.tablets.reduce((sum, tablet) => sum + count(tablet), 0);
  }

  async close(): Promise<void> {
    this.#works = false;
    await this.#running;
    for (const tablet of this.tablets) tablet.close();
    for (const link of this.#links) link.close();
  }
}

/** Names and secrets of so many tablets. */
export function credentialsOf(count: number): readonly Credentials[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `tablet-${index + 1}`,
    secret: `secret-of-tablet-${index + 1}-0123456789`
  }));
}
