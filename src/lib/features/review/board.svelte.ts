import { createContext } from 'svelte';
import { countAgain, countProjects, type ProjectCount } from '#domain/indicators/count.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { reviewItems, type InboxItem } from '#domain/review/inbox.ts';
import { openConflicts } from '$lib/features/differences/index.ts';
import { undecidedPairs, type Pair } from '$lib/features/look-alikes/index.ts';
import type { Desk } from '$lib/features/office/index.ts';

/** Everything that is derived from the records for the whole desk, counted once for all screens. */
export class ReviewBoard {
  readonly #desk: Desk;
  /** The last count, which goes on with what has changed since. */
  #counted: { readonly version: number; readonly counts: readonly ProjectCount[] } | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  readonly pairs: readonly Pair[] = $derived.by(() => undecidedPairs(this.#desk.records));
  readonly conflicts: readonly RecordRow<'conflict'>[] = $derived.by(() => openConflicts(this.#desk.records));
  /** The indicators of every project. */
  readonly counts: readonly ProjectCount[] = $derived.by(() => this.#count());
  /** Every sheet, note and response with its state, newest first. */
  readonly items: readonly InboxItem[] = $derived.by(() => reviewItems(this.#desk.records, this.counts));
  /** What awaits a decision. */
  readonly waiting: readonly InboxItem[] = $derived.by(() =>
    this.items.filter(({ review }) => review.state === 'new' || review.state === 'changed_after_review')
  );

  #count(): readonly ProjectCount[] {
    const { records, changes } = this.#desk;
    const { version } = changes;
    const options = { lookAlikes: this.pairs.map(({ left, right }) => [left.id, right.id] as const) };
    const before = this.#counted;
    const changed = before === undefined ? undefined : changes.changedSince(before.version);
    // It is taken over: if that breaks off, the next count begins anew.
    this.#counted = undefined;
    const counts =
      before === undefined || changed === undefined
        ? countProjects(records, options)
        : countAgain(before.counts, records, changed, options);
    this.#counted = { version, counts };
    return counts;
  }

  /** The number beside «Входящие». */
  get inboxCount(): number {
    return this.waiting.length + this.conflicts.length + this.pairs.length;
  }
}

export const [useBoard, provideBoard] = createContext<ReviewBoard>();
