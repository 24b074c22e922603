import * as v from 'valibot';
import { open, seal, type Sealed } from '$lib/storage/sealing.ts';
import type { ShownRow } from '$lib/storage/write.ts';

const prefix = 'zimnik.form.';

interface Kept<Typed> {
  readonly typed: Typed;
  readonly before: Typed;
  readonly shown: number | ShownRow | undefined;
}

/**
 * What is typed into a form of the desk. It is kept in this tab at every change until it is saved or put aside, so that
 * another language, a reload or a failing save loses none of it; the tab's end forgets it.
 */
export class KeptForm<Typed extends object> {
  readonly #key: string;
  readonly #schema: v.GenericSchema<unknown, Typed>;
  /** What the form showed when it was opened: only what differs from it was changed by a person. */
  readonly before: Typed;
  /** The row that was shown; undefined for a new record. */
  readonly shown: number | ShownRow | undefined;
  /** Something typed earlier was found. */
  readonly isRestored: boolean;
  typed: Typed;

  constructor(
    name: string,
    schema: v.GenericSchema<unknown, Typed>,
    fresh: { readonly typed: Typed; readonly shown: number | ShownRow | undefined }
  ) {
    this.#key = prefix + name;
    this.#schema = schema;
    const kept = this.#read();
    this.before = kept?.before ?? fresh.typed;
    this.shown = kept === undefined ? fresh.shown : kept.shown;
    this.isRestored = kept !== undefined;
    this.typed = $state(structuredClone(kept?.typed ?? fresh.typed));
  }

  keep(): void {
    const kept = { typed: $state.snapshot(this.typed), before: this.before, shown: this.shown };
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(seal(kept)));
    } catch {
      // A full or forbidden storage of the tab: the form itself still holds what is typed.
    }
  }

  forget(): void {
    sessionStorage.removeItem(this.#key);
  }

  #read(): Kept<Typed> | undefined {
    const text = sessionStorage.getItem(this.#key);
    if (text === null) return undefined;
    const schema = v.object({ typed: this.#schema, before: this.#schema, shown: shownSchema });
    try {
      const parsed = v.safeParse(schema, open(JSON.parse(text) as Sealed<unknown>));
      if (!parsed.success) return undefined;
      const { typed, before, shown } = parsed.output;
      return { typed, before, shown };
    } catch {
      // Left by another version of the program.
      return undefined;
    }
  }
}

const shownSchema = v.optional(
  v.union([v.number(), v.object({ seq: v.number(), era: v.exactOptional(v.number()) })])
);

/** Whether something half-typed waits under this name: its form opens by itself. */
export function hasKeptForm(name: string): boolean {
  return sessionStorage.getItem(prefix + name) !== null;
}

/** The next person at this computer finds nothing half-typed. */
export function forgetKeptForms(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}
