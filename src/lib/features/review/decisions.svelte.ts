import type { InboxItem } from '#domain/review/inbox.ts';
import type { App } from '$lib/app/open-app.ts';
import type { Desk } from '$lib/features/office/index.ts';
import { m } from '$lib/paraglide/messages.js';
import { acceptItems, doNotCount, restoreReviews, returnItem } from './commands.ts';
import { itemTitle } from './entries.ts';

export type Question = 'return' | 'not_count';

/** The decisions of one screen: what was done last and its way back, and the question that is open. */
export class Decisions {
  readonly #app: App;
  readonly #desk: Desk;
  #done = $state.raw<{ words: string; undo: () => Promise<void> }>();
  #asking = $state.raw<{ item: InboxItem; what: Question }>();

  constructor(app: App, desk: Desk) {
    this.#app = app;
    this.#desk = desk;
  }

  /** Words for the bar with «Вернуть как было». */
  get done(): string | undefined {
    return this.#done?.words;
  }

  get asking(): { readonly item: InboxItem; readonly what: Question } | undefined {
    return this.#asking;
  }

  note(words: string, undo: () => Promise<void>): void {
    this.#done = { words, undo };
  }

  async undo(): Promise<void> {
    const done = this.#done;
    this.#done = undefined;
    await done?.undo();
  }

  async accept(items: readonly InboxItem[]): Promise<void> {
    if (items.length === 0) return;
    const [only] = items;
    await acceptItems(this.#app, items);
    const words =
      items.length === 1 && only !== undefined
        ? m.office_accepted_one({ title: itemTitle(this.#desk, only) })
        : m.office_accepted_many({ count: items.length });
    this.note(words, () => restoreReviews(this.#app, items));
  }

  ask(item: InboxItem, what: Question): void {
    this.#asking = { item, what };
  }

  close(): void {
    this.#asking = undefined;
  }

  /** Who may be asked to correct: those who work at the centre, and `link`, the phone that answered by a link. */
  recipientsOf(item: InboxItem): readonly string[] {
    const staff = item.authors.filter((author) => this.#desk.records.get('staff', author) !== undefined);
    return this.#phoneOf(item) === undefined ? staff : [...staff, 'link'];
  }

  /** Closes the question only when the decision is written: a failing save keeps what was typed. */
  async answer(text: string, to: string): Promise<void> {
    const asking = this.#asking;
    if (asking === undefined) return;
    const { item, what } = asking;
    const title = itemTitle(this.#desk, item);
    if (what === 'return') {
      await returnItem(this.#app, item, text, to, to === 'link' ? this.#phoneOf(item) : undefined);
    } else await doNotCount(this.#app, item, text);
    this.#asking = undefined;
    const words = what === 'return' ? m.office_returned_one({ title }) : m.office_not_counted_one({ title });
    this.note(words, () => restoreReviews(this.#app, [item]));
  }

  #phoneOf(item: InboxItem): string | undefined {
    return item.type === 'response'
      ? this.#desk.records.get('response', item.target)?.values.device
      : undefined;
  }
}
