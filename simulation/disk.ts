/** Rows by table. */
export type Dump = ReadonlyMap<string, readonly unknown[]>;

/**
 * What the disk of a profile holds. A strict transaction is on it when it completes, with everything before; a relaxed one
 * is in memory until then. fake-indexeddb takes every transaction for strict.
 */
export class Disk {
  #flushed: Dump | undefined;

  /** Watches every writing transaction of a connection. */
  watch(connection: IDBDatabase): void {
    const begin = connection.transaction.bind(connection);
    connection.transaction = (stores, mode, options) => {
      const transaction = begin(stores, mode, options);
      if (mode !== 'readwrite') return transaction;
      if (options?.durability === 'strict')
        transaction.addEventListener('complete', () => (this.#flushed = undefined));
      else this.#flushed ??= dump(connection);
      return transaction;
    };
  }

  /** The power is gone: what the disk held where that is less than what was committed. */
  cutPower(): Dump | undefined {
    const flushed = this.#flushed;
    this.#flushed = undefined;
    return flushed;
  }
}

interface RawConnection {
  readonly _rawDatabase: {
    readonly rawObjectStores: ReadonlyMap<
      string,
      { readonly records: { readonly values: () => Iterable<{ readonly value: unknown }> } }
    >;
  };
}

/** Reads all rows at once, which only the inside of fake-indexeddb allows. */
function dump(connection: IDBDatabase): Dump {
  const { rawObjectStores } = (connection as unknown as RawConnection)._rawDatabase;
  return new Map(
    [...rawObjectStores].map(([name, { records }]) => [
      name,
      [...records.values()].map(({ value }) => structuredClone(value))
    ])
  );
}
