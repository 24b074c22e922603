import type { Table } from 'dexie';

/** The inside of fake-indexeddb that all connections of a database share. */
export interface RawDatabase {
  readonly rawObjectStores: ReadonlyMap<string, RawStore>;
  readonly transactions: readonly { readonly mode: string; readonly _state: string }[];
}

interface RawStore {
  readonly records: {
    readonly get: (key: unknown) => { readonly value: unknown } | undefined;
    readonly values: () => Iterable<{ readonly value: unknown }>;
  };
}

/** A table, whatever its keys are. */
type TableOf<Row> = Pick<Table<Row>, 'name' | 'db' | 'toArray'>;

export function rawOf(connection: IDBDatabase): RawDatabase {
  return (connection as unknown as { readonly _rawDatabase: RawDatabase })._rawDatabase;
}

/**
 * All committed rows of a table in the order of their keys, read at once and as they are kept: who asks may not change
 * them. A transaction a question, as the product asks, was most of what a schedule cost.
 */
export function rowsOf<Row>(table: TableOf<Row>): readonly Readonly<Row>[] {
  return Array.from(storeOf(table).records.values(), ({ value }) => value as Row);
}

/** One committed row, as {@link rowsOf} reads it. */
export function rowOf<Row>(table: TableOf<Row>, key: unknown): Readonly<Row> | undefined {
  return storeOf(table).records.get(key)?.value as Row | undefined;
}

function storeOf(table: Pick<Table, 'name' | 'db'>): RawStore {
  const { rawObjectStores, transactions } = rawOf(table.db.backendDB());
  if (transactions.some(({ mode, _state }) => mode !== 'readonly' && _state !== 'finished'))
    throw new Error('What is not committed yet must not be looked at');
  const store = rawObjectStores.get(table.name);
  if (store === undefined) throw new Error(`There is no table ${table.name}`);
  return store;
}
