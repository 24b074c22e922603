import type { RecordSpace } from '#domain/sync/apply.ts';
import type { StoredRecord } from '#domain/sync/merge.ts';
import type { ReadSnapshot, RecordChange } from '#server/storage/server-storage.ts';

/** One record of a push, in its states. */
interface Slot {
  /** As the database has it. */
  before: StoredRecord | undefined;
  /** As the operations that were judged have left it. */
  kept: StoredRecord | undefined;
  /** As the operation that is being judged has left it. */
  written: StoredRecord | undefined;
}

/** The records of one push in memory: read at once, judged, written in bulk. One operation at a time can be taken back. */
export class RecordBatch implements RecordSpace {
  /** Type → id; joined names would be made anew for every look. */
  readonly #slots = new Map<string, Map<string, Slot>>();
  readonly #written: Slot[] = [];
  readonly #kept: Slot[] = [];

  /** Reads what is not here yet. */
  async load(
    snapshot: ReadSnapshot,
    centre: string,
    keys: Iterable<readonly [type: string, id: string]>
  ): Promise<void> {
    const missing: (readonly [string, string])[] = [];
    for (const [type, id] of keys) {
      if (this.#find(type, id) !== undefined) continue;
      missing.push([type, id]);
      this.#slot(type, id);
    }
    for (const record of await snapshot.records(centre, missing))
      this.#slot(record.e, record.k).before = record;
  }

  get(type: string, id: string): StoredRecord | undefined {
    const slot = this.#find(type, id);
    // Only differences that can be there were read; every other lookup must have been foreseen.
    if (slot === undefined && type !== 'conflict')
      throw new Error(`${type} was not read before it was judged`);
    return slot?.written ?? slot?.kept ?? slot?.before;
  }

  /** The record as it was before the operation that is being judged. */
  getKept(type: string, id: string): StoredRecord | undefined {
    const slot = this.#find(type, id);
    return slot?.kept ?? slot?.before;
  }

  put(record: StoredRecord): void {
    const slot = this.#slot(record.e, record.k);
    if (slot.written === undefined) this.#written.push(slot);
    slot.written = record;
  }

  /** Keeps what the operation wrote. */
  keep(): void {
    for (const slot of this.#written) {
      if (slot.kept === undefined) this.#kept.push(slot);
      slot.kept = slot.written;
      slot.written = undefined;
    }
    this.#written.length = 0;
  }

  /** Takes back what the operation wrote. */
  takeBack(): void {
    for (const slot of this.#written) slot.written = undefined;
    this.#written.length = 0;
  }

  /** Kept records with what they were in the database. */
  changes(): readonly RecordChange[] {
    const changes: RecordChange[] = [];
    for (const { before, kept } of this.#kept) if (kept !== undefined) changes.push({ before, after: kept });
    return changes;
  }

  #find(type: string, id: string): Slot | undefined {
    return this.#slots.get(type)?.get(id);
  }

  #slot(type: string, id: string): Slot {
    let ofType = this.#slots.get(type);
    if (ofType === undefined) {
      ofType = new Map();
      this.#slots.set(type, ofType);
    }
    let slot = ofType.get(id);
    if (slot === undefined) {
      slot = { before: undefined, kept: undefined, written: undefined };
      ofType.set(id, slot);
    }
    return slot;
  }
}
