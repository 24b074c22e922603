/** The log's head after a commit. */
export interface Poke {
  readonly epoch: string;
  readonly seq: number;
}

/** Tells open streams of this process that something was committed. It carries only the head; pages come by a pull. */
export class Pokes {
  readonly #listeners = new Set<(poke: Poke) => void>();

  /** Returns how to stop listening. */
  subscribe(listener: (poke: Poke) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  notify(poke: Poke): void {
    for (const listener of this.#listeners) listener(poke);
  }
}
