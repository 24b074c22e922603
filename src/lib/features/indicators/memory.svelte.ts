import { snapshotOf, type CountSnapshot } from '#domain/indicators/changes.ts';
import type { IndicatorCount } from '#domain/indicators/count.ts';
import type { App } from '$lib/app/open-app.ts';
import { saveDraft } from '$lib/storage/drafts.ts';
import { LiveQuery } from '$lib/storage/live-query.ts';
import { readSeen, seenKind } from './seen-drafts.ts';

/** What each number was when it was last looked at on this desk, so that a number that went down can say why. */
export class SeenCounts {
  readonly #app: Pick<App, 'database' | 'now'>;
  readonly #seen: LiveQuery<ReadonlyMap<string, CountSnapshot>>;

  constructor(app: Pick<App, 'database' | 'now'>) {
    this.#app = app;
    this.#seen = new LiveQuery(() => readSeen(app.database));
  }

  /** Undefined = never looked at, or not read yet. */
  of(indicator: string): CountSnapshot | undefined {
    return this.#seen.value?.get(indicator);
  }

  /** Remembers a number as seen. */
  async keep(count: IndicatorCount): Promise<void> {
    const id = `${seenKind}-${count.indicator}`;
    await saveDraft(this.#app.database, {
      id,
      kind: seenKind,
      updatedAt: this.#app.now(),
      content: snapshotOf(count)
    });
  }

  /** On leaving the page: numbers that did not go down are remembered; a fall stays until somebody has read why. */
  async keepRisen(counts: readonly IndicatorCount[]): Promise<void> {
    for (const count of counts) {
      const before = this.of(count.indicator);
      if (before === undefined || count.accepted >= before.accepted) await this.keep(count);
    }
  }
}
