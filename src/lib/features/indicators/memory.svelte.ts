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

  /**
   * While numbers are shown: those that did not go down are remembered as they are; a fall stays until somebody has
   * read why. Call it from what runs again with every change of the numbers.
   */
  keepShown(counts: readonly IndicatorCount[]): void {
    const seen = this.#seen.value;
    if (seen === undefined) return;
    for (const count of counts) {
      const before = seen.get(count.indicator);
      if (before !== undefined && count.accepted < before.accepted) continue;
      if (JSON.stringify(before) !== JSON.stringify(snapshotOf(count))) void this.keep(count);
    }
  }
}
