/** Notes the durability of every writing transaction of the page's databases; the probe of the storage keeps nothing. */
export function recordTransactions(): void {
  type Transact = (
    this: IDBDatabase,
    stores: string | string[],
    mode?: IDBTransactionMode,
    options?: IDBTransactionOptions
  ) => IDBTransaction;
  const asked: string[] = [];
  Object.assign(window, { askedDurability: asked });
  const databases = IDBDatabase.prototype as unknown as { transaction: Transact };
  const { transaction } = databases;
  databases.transaction = function (stores, mode, options) {
    if (mode === 'readwrite' && this.name !== 'zimnik/probe') {
      asked.push(options?.durability ?? `not named for ${JSON.stringify(stores)} of ${this.name}`);
    }
    return transaction.call(this, stores, mode, options);
  };
}

/** The durabilities that were asked for, one a writing transaction. */
export function readTransactions(): readonly string[] {
  return (window as unknown as { askedDurability: readonly string[] }).askedDurability;
}
