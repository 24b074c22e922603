import { IDBDatabase } from 'fake-indexeddb';
import { rawOf, type RawDatabase } from './inside.ts';

/** Rows by table. */
export type Dump = ReadonlyMap<string, readonly unknown[]>;

/**
 * What the disk of a profile holds. A strict transaction is on it when it completes, with everything before; a relaxed one
 * is in memory until then. fake-indexeddb takes every transaction for strict.
 */
export class Disk {
  #flushed: Dump | undefined;

  /** Watches every writing transaction of a database from now on, whichever page makes it. */
  watch(connection: IDBDatabase): void {
    watched.set(rawOf(connection), this);
  }

  note(connection: IDBDatabase, transaction: IDBTransaction): void {
    if (transaction.durability === 'strict')
      transaction.addEventListener('complete', () => (this.#flushed = undefined));
    else this.#flushed ??= dump(connection);
  }

  /** The power is gone: what the disk held where that is less than what was committed. */
  cutPower(): Dump | undefined {
    const flushed = this.#flushed;
    this.#flushed = undefined;
    return flushed;
  }
}

/** Disks by the inside of fake-indexeddb that all connections of a database share. */
const watched = new WeakMap<RawDatabase, Disk>();

// Dexie binds a connection's `transaction` when it opens it, so the watch stands before every connection.
const { transaction: begin } = IDBDatabase.prototype as unknown as {
  readonly transaction: (
    this: IDBDatabase,
    ...given: Parameters<IDBDatabase['transaction']>
  ) => IDBTransaction;
};
Object.assign(IDBDatabase.prototype, {
  transaction(this: IDBDatabase, ...given: Parameters<IDBDatabase['transaction']>): IDBTransaction {
    const transaction = begin.apply(this, given);
    if (given[1] === 'readwrite') watched.get(rawOf(this))?.note(this, transaction);
    return transaction;
  }
});

/** Reads all rows at once, which only the inside of fake-indexeddb allows. */
function dump(connection: IDBDatabase): Dump {
  return new Map(
    [...rawOf(connection).rawObjectStores].map(([name, { records }]) => [
      name,
      [...records.values()].map(({ value }) => structuredClone(value))
    ])
  );
}
