import { canonicalJson } from '#domain/sync/canonical-json.ts';

/** What a person did at a place and was told is saved, with what the screen showed then. No rule of the exchange here. */
export interface Write {
  readonly index: number;
  readonly place: string;
  readonly n: number;
  readonly by: string;
  /** Recognises the operation in the log. */
  readonly key: string;
  readonly changes: readonly WrittenChange[];
  /** Losing values, as `device~n` and as JSON, that the screen showed in the conflicts that this write decides. */
  readonly decides: readonly string[];
  /** Time of the simulated world, ms. */
  readonly at: number;
}

export interface WrittenChange {
  readonly e: string;
  readonly k: string;
  readonly set: Readonly<Record<string, unknown>>;
  /** What the screen showed in the fields being set; absent = nothing. */
  readonly seen: Readonly<Record<string, unknown>>;
}

/** Fields whose every written value is unique, so that a value names its writer. */
const tokenOf: Readonly<Record<string, string>> = { status: 'at' };

/** The field by whose value the writer of a field is recognised. */
export function tokenField(field: string): string {
  return tokenOf[field] ?? field;
}

export function writeKey(
  n: number,
  w: number,
  changes: readonly Pick<WrittenChange, 'e' | 'k' | 'set'>[]
): string {
  return canonicalJson([n, w, changes.map(({ e, k, set }) => [e, k, set])]);
}

export function fieldKey(e: string, k: string, field: string): string {
  return `${e}/${k}.${field}`;
}

/** Remembers what people were told and what they had seen. */
export class Model {
  readonly writes: Write[] = [];
  readonly #byKey = new Map<string, Write>();
  /** Field and token → write. */
  readonly #byToken = new Map<string, Write>();
  /** Place → field → its writes, in order. */
  readonly #own = new Map<string, Map<string, readonly Write[]>>();

  add(write: Omit<Write, 'index'>): Write {
    const stored = { ...write, index: this.writes.length };
    this.writes.push(stored);
    this.#byKey.set(write.key, stored);
    const own = this.ownOf(write.place);
    for (const change of write.changes) {
      for (const field of Object.keys(change.set)) {
        const key = fieldKey(change.e, change.k, field);
        own.set(key, [...(own.get(key) ?? []), stored]);
        const token = change.set[tokenField(field)];
        this.#byToken.set(`${key}=${canonicalJson(token ?? null)}`, stored);
      }
    }
    return stored;
  }

  /** What a place wrote under a number, where nothing in the log tells it apart any more. */
  byNumber(place: string, n: number): Write | undefined {
    return this.writes.find((write) => write.place === place && write.n === n);
  }

  byKey(key: string): Write | undefined {
    return this.#byKey.get(key);
  }

  ownOf(place: string): Map<string, readonly Write[]> {
    const own = this.#own.get(place) ?? new Map<string, readonly Write[]>();
    this.#own.set(place, own);
    return own;
  }

  /** What a copied profile brings along was written by the same person. */
  copyPlace(from: string, to: string): void {
    const own = new Map([...this.ownOf(from)].map(([key, writes]) => [key, [...writes]] as const));
    this.#own.set(to, own);
  }

  /** Every write to a field that the author of `write` had seen when writing, by way of others too. */
  seenBy(write: Write, key: string): ReadonlySet<Write> {
    const seen = new Set<Write>();
    const next = [write];
    for (let current = next.pop(); current !== undefined; current = next.pop()) {
      for (const earlier of this.#directlySeen(current, key)) {
        if (seen.has(earlier)) continue;
        seen.add(earlier);
        next.push(earlier);
      }
    }
    return seen;
  }

  #directlySeen(write: Write, key: string): readonly Write[] {
    const own = this.ownOf(write.place).get(key) ?? [];
    const before = own[own.indexOf(write) - 1];
    const found = before === undefined ? [] : [before];
    for (const change of write.changes) {
      for (const field of Object.keys(change.set)) {
        if (fieldKey(change.e, change.k, field) !== key) continue;
        const token = change.seen[tokenField(field)];
        const writer = token === undefined ? undefined : this.#byToken.get(`${key}=${canonicalJson(token)}`);
        if (writer !== undefined && writer !== write) found.push(writer);
      }
    }
    return found;
  }
}

/** The value that a write gives to a field. */
export function valueIn(write: Write, key: string): unknown {
  for (const change of write.changes.toReversed()) {
    for (const [field, value] of Object.entries(change.set))
      if (fieldKey(change.e, change.k, field) === key) return value;
  }
  return undefined;
}
