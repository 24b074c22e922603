import { createSubscriber } from 'svelte/reactivity';
import type { RecordRow, RecordType } from '#domain/records/registry.ts';
import {
  recordKey,
  type DeviceDatabase,
  type DeviceState,
  type OutboxRow,
  type StoredRow
} from './database.ts';
import { followRows, type RowsTable } from './follow-rows.ts';
import type { Live } from './live-query.ts';
import { isThere, toRecordRow } from './read.ts';
import type { WrittenRows } from './written-rows.ts';

export interface RowsToFollow<Row, Key, Value> {
  readonly table: RowsTable<Row, Key>;
  readonly covers: (key: unknown) => key is Key;
  readonly written: (rows: WrittenRows, key: Key) => Row | undefined;
  readonly read: () => Promise<readonly Row[]>;
  readonly keyOf: (row: Row) => Key;
  /** What is kept of a row; undefined = it is not one of these rows (any more). */
  readonly toValue: (row: Row) => Value | undefined;
}

/**
 * Rows that redraw their readers when one of them changes, in any tab. Where a `LiveQuery` reads everything again, this
 * reads what has changed; a value whose row has not changed stays the same object. Values stand in the order of reading.
 */
export class LiveRows<Row, Key, Value> {
  #latest: Live<readonly Value[]> = { state: 'loading' };
  readonly #subscribe: () => void;

  constructor({ table, covers, written, read, keyOf, toValue }: RowsToFollow<Row, Key, Value>) {
    this.#subscribe = createSubscriber((update) => {
      const values = new Map<string, Value>();
      const tell = (latest: Live<readonly Value[]>): void => {
        this.#latest = latest;
        update();
      };
      const put = (key: Key, row: Row | undefined): void => {
        const value = row === undefined ? undefined : toValue(row);
        if (value === undefined) values.delete(JSON.stringify(key));
        else values.set(JSON.stringify(key), value);
      };
      return followRows({
        table,
        covers,
        written,
        readAll: async () => {
          const rows = await read();
          values.clear();
          for (const row of rows) put(keyOf(row), row);
          tell({ state: 'ready', value: [...values.values()] });
        },
        take: (changes) => {
          for (const { key, row } of changes) put(key, row);
          tell({ state: 'ready', value: [...values.values()] });
          return 'taken';
        },
        onError: (error) => tell({ state: 'failed', error })
      });
    });
  }

  /** The latest state; reading it in markup or `$derived` keeps it followed. */
  get current(): Live<readonly Value[]> {
    this.#subscribe();
    return this.#latest;
  }

  /** The values, or undefined while they are being read. Throws the storage's error, for the top screen to show. */
  get value(): readonly Value[] | undefined {
    const latest = this.current;
    if (latest.state === 'failed') throw latest.error;
    return latest.state === 'ready' ? latest.value : undefined;
  }
}

/** Whether a key of the table of records is one of this type. */
function isKeyOf(type: RecordType, key: unknown): key is [string, string] {
  return Array.isArray(key) && key[0] === type;
}

/** The records of a type listed under a parent (the marks of a session) that are not deleted. */
export function liveUnder<Type extends RecordType>(
  database: DeviceDatabase,
  type: Type,
  parent: string
): LiveRows<StoredRow, [string, string], RecordRow<Type>> {
  return new LiveRows({
    table: database.records,
    covers: (key) => isKeyOf(type, key),
    written: ({ records }, [, id]) => records.get(recordKey(type, id)),
    read: () => database.records.where('[e+p]').equals([type, parent]).toArray(),
    keyOf: ({ e, k }): [string, string] => [e, k],
    toValue: (row) => (row.p === parent && isThere(row) ? toRecordRow(type, row) : undefined)
  });
}

function isNumber(key: unknown): key is number {
  return typeof key === 'number';
}

/** Numbers of the operations that wait for a connection: of many, nothing but their numbers is read. */
export function liveNumbers(database: DeviceDatabase): LiveRows<Pick<OutboxRow, 'n'>, number, number> {
  return new LiveRows<Pick<OutboxRow, 'n'>, number, number>({
    table: database.outbox,
    covers: isNumber,
    written: ({ waiting }, n) => (waiting.n === n ? waiting : undefined),
    read: async () => (await database.outbox.toCollection().primaryKeys()).map((n) => ({ n })),
    keyOf: (row) => row.n,
    toValue: (row) => row.n
  });
}

/** The one row that tells who this database is and where it stands. */
export function liveState(database: DeviceDatabase): LiveRows<DeviceState, 'state', DeviceState> {
  return new LiveRows<DeviceState, 'state', DeviceState>({
    table: database.meta,
    covers: (key: unknown): key is 'state' => key === 'state',
    written: ({ state }) => state,
    read: () => database.meta.toArray(),
    keyOf: (row) => row.key,
    toValue: (row) => row
  });
}

/** Keys (`type/id`) of records whose last change has not been acknowledged: one entry an operation. */
export function liveWaiting(database: DeviceDatabase): LiveRows<OutboxRow, number, readonly string[]> {
  return new LiveRows<OutboxRow, number, readonly string[]>({
    table: database.outbox,
    covers: isNumber,
    written: ({ waiting }, n) => (waiting.n === n ? waiting : undefined),
    read: () => database.outbox.toArray(),
    keyOf: (row) => row.n,
    toValue: (row) => row.keys
  });
}
