import type { Register, RegisterPerson } from '$lib/features/people/index.ts';
import { findOthers, LineIndex } from './line-index.ts';
import type { SheetRow } from './queries.ts';

/** So many lines are put into the index before taps and keys are answered again. */
const sliceLines = 20;

/**
 * The search of a sheet: its own lines, and people of the register who are not on it. A key shows what is typed at once;
 * what is found is drawn after that, for the last key only.
 */
export class SheetSearch {
  #typed = $state('');
  #asked = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame: number | undefined;
  readonly #lines: () => readonly SheetRow[];
  readonly #register: Register;
  readonly #index = new LineIndex();

  constructor(lines: () => readonly SheetRow[], register: Register) {
    this.#lines = lines;
    this.#register = register;
  }

  /** What stands in the box. */
  get typed(): string {
    return this.#typed;
  }

  set typed(text: string) {
    this.#typed = text;
    this.#forget();
    this.#frame = requestAnimationFrame(() => {
      this.#timer = setTimeout(() => (this.#asked = text));
    });
  }

  /** What the shown lines were looked for with; empty = all lines are shown. */
  get asked(): string {
    return this.#asked.trim();
  }

  /** The lines are not yet those of what stands in the box. */
  get isBusy(): boolean {
    return this.#typed !== this.#asked;
  }

  /** The lines of the sheet that are shown, in its order. */
  readonly rows: readonly SheetRow[] = $derived.by(() => {
    const rows = this.#lines();
    return this.asked === '' ? rows : this.#index.find(this.asked, rows);
  });

  /** The best of the register who have no line. */
  readonly others: readonly RegisterPerson[] = $derived.by(() => {
    const { asked } = this;
    if (asked === '') return [];
    return findOthers((limit) => this.#register.search(asked, limit), this.#lines());
  });

  /** Makes ready, a few lines at a time, what the first key would wait for. Returns how to stop. */
  prepare(): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const goOn = (): void => {
      if (!this.#index.take(this.#lines(), sliceLines)) timer = setTimeout(goOn);
    };
    timer = setTimeout(goOn);
    return () => {
      clearTimeout(timer);
      this.#forget();
    };
  }

  #forget(): void {
    clearTimeout(this.#timer);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }
}
