import { rangeBetween } from './list-window.ts';

/** Keys chosen in a list, with Shift from the last touched row on. */
export class RowChoice {
  #anchor: string | undefined;

  /** The row from which Shift counts. */
  touch(key: string): void {
    this.#anchor = key;
  }

  /**
   * @param keys all keys in the order of the list.
   * @param selected keys chosen so far.
   * @returns the keys chosen now, in the order of the list.
   */
  choose(
    keys: readonly string[],
    selected: readonly string[],
    key: string,
    { on, extend }: { on: boolean; extend: boolean }
  ): readonly string[] {
    const range = extend && this.#anchor !== undefined ? rangeBetween(keys, this.#anchor, key) : [key];
    const next = new Set(selected);
    for (const each of range) {
      if (on) next.add(each);
      else next.delete(each);
    }
    if (!extend) this.#anchor = key;
    return keys.filter((each) => next.has(each));
  }
}
