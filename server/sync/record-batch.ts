import type { RecordSpace } from '#domain/sync/apply.ts';
import type { StoredRecord } from '#domain/sync/merge.ts';
import type { ReadSnapshot, RecordChange } from '#server/storage/server-storage.ts';

/** The records of one push in memory: read at once, judged, written in bulk. One operation at a time can be taken back. */
export class RecordBatch implements RecordSpace {
  readonly #before = new Map<string, StoredRecord | undefined>();
  readonly #present = new Map<string, StoredRecord>();
  readonly #part = new Map<string, StoredRecord>();

  /** Reads what is not here yet. */
  async load(
    snapshot: ReadSnapshot,
    centre: string,
    keys: Iterable<readonly [type: string, id: string]>
  ): Promise<void> {
    const missing = new Map<string, readonly [string, string]>();
    for (const key of keys) {
      const name = nameOf(key[0], key[1]);
      if (!this.#before.has(name)) missing.set(name, key);
    }
    for (const name of missing.keys()) this.#before.set(name, undefined);
    for (const record of await snapshot.records(centre, [...missing.values()]))
      this.#before.set(nameOf(record.e, record.k), record);
  }

  get(type: string, id: string): StoredRecord | undefined {
    const name = nameOf(type, id);
    // Only contested fields have conflicts, so only those were read; every other lookup must have been foreseen.
    if (!this.#before.has(name) && type !== 'conflict')
      throw new Error(`${type} was not read before it was judged`);
    return this.#part.get(name) ?? this.#present.get(name) ?? this.#before.get(name);
  }

  /** The record as it was before the operation that is being judged. */
  getKept(type: string, id: string): StoredRecord | undefined {
    const name = nameOf(type, id);
    return this.#present.get(name) ?? this.#before.get(name);
  }

  put(record: StoredRecord): void {
    this.#part.set(nameOf(record.e, record.k), record);
  }

  /** Keeps what the operation wrote. */
  keep(): void {
    for (const [name, record] of this.#part) this.#present.set(name, record);
    this.#part.clear();
  }

  /** Takes back what the operation wrote. */
  takeBack(): void {
    this.#part.clear();
  }

  /** Kept records with what they were in the database. */
  changes(): readonly RecordChange[] {
    return [...this.#present].map(([name, after]) => ({ before: this.#before.get(name), after }));
  }
}

function nameOf(type: string, id: string): string {
  return `${type}/${id}`;
}
