/** Whether a value is a number that a column of integers can hold exactly. */
export function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** What was read is no packed message. Thrown inside the codec only; its doors answer with a result. */
export class NotPacked extends Error {}

/** Reads a packed message with bounds: a small message that unpacks to gigabytes is given up on the way. */
export class Reader {
  #left: number;
  #depth = 0;

  /** `budget`: about how many characters of JSON the unpacked message may have. */
  constructor(budget: number) {
    this.#left = budget;
  }

  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw new NotPacked('too large');
  }

  /** Deeper columns would overflow the stack. */
  deeper<Value>(body: () => Value): Value {
    this.#depth += 1;
    if (this.#depth > 300) throw new NotPacked('too deep');
    const value = body();
    this.#depth -= 1;
    return value;
  }

  list(value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) throw new NotPacked('a list was expected');
    return value;
  }

  counted(list: readonly unknown[], count: number): readonly unknown[] {
    if (list.length !== count) throw new NotPacked('a column of another length');
    return list;
  }

  integer(value: unknown): number {
    if (!isInteger(value)) throw new NotPacked('a whole number was expected');
    return value;
  }

  size(value: unknown): number {
    const size = this.integer(value);
    if (size < 0) throw new NotPacked('a size below zero');
    return size;
  }

  text(value: unknown): string {
    if (typeof value !== 'string') throw new NotPacked('a text was expected');
    return value;
  }
}
