import { aloneTag, tagOf, type Name } from './texts.ts';

/** Ids by the names that records may be called by: (type, seq, tag). */
export class NamedIds {
  /** Undefined = more than one record. */
  readonly #ids = new Map<string, string | undefined>();

  /** A record that was changed at this seq. */
  add(type: string, id: string, seq: number): void {
    for (const tag of [tagOf(id), aloneTag]) {
      const key = nameKey({ type, seq, tag });
      this.#ids.set(key, this.#ids.has(key) && this.#ids.get(key) !== id ? undefined : id);
    }
  }

  /** Undefined where there is none, or more than one. */
  idOf(name: Name): string | undefined {
    return this.#ids.get(nameKey(name));
  }
}

/** A name as one text. */
export function nameKey({ type, seq, tag }: Name): string {
  return `${type}/${seq}/${tag}`;
}
