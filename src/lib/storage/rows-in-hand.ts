import type { Table } from 'dexie';
import {
  recordKey,
  splitKey,
  type ConfirmedRow,
  type DeviceDatabase,
  type RetainedRow,
  type StoredRow
} from './database.ts';
import { rowsUnder } from './rows-under.ts';

type Key = [type: string, id: string];

/** A table is read whole when that is no more than so many rows for each that is asked for. */
const rowsPerKey = 4;

/** Rows of one table within a transaction: each is read once, and written once however often it changes. */
class KeptRows<Row extends ConfirmedRow | StoredRow> {
  readonly #table: Table<Row, Key>;
  readonly #read: (keys: readonly Key[]) => Promise<readonly (Row | undefined)[]>;
  readonly #rows = new Map<string, Row | undefined>();
  /** Those that stand in the table. */
  readonly #stored = new Set<string>();
  readonly #changed = new Set<string>();

  constructor(table: Table<Row, Key>, read: (keys: readonly Key[]) => Promise<readonly (Row | undefined)[]>) {
    this.#table = table;
    this.#read = read;
  }

  async get(keys: readonly Key[]): Promise<readonly (Row | undefined)[]> {
    const missing = keys.filter((key) => !this.#rows.has(recordKey(...key)));
    if (missing.length > 0) {
      const found = await this.#read(missing);
      for (const [index, key] of missing.entries()) {
        this.#rows.set(recordKey(...key), found[index]);
        if (found[index] !== undefined) this.#stored.add(recordKey(...key));
      }
    }
    return keys.map((key) => this.#rows.get(recordKey(...key)));
  }

  /** Of a row that was asked for; undefined = it goes. */
  set(key: Key, row: Row | undefined): void {
    this.#rows.set(recordKey(...key), row);
    this.#changed.add(recordKey(...key));
  }

  async write(): Promise<void> {
    const puts: Row[] = [];
    const gone: Key[] = [];
    for (const key of this.#changed) {
      const row = this.#rows.get(key);
      if (row !== undefined) puts.push(row);
      else if (this.#stored.has(key)) gone.push(splitKey(key));
    }
    for (const kept of [this.#rows, this.#stored, this.#changed]) kept.clear();
    // A thousand deletions one by one take longer than the thousand rows took to be read.
    const areAllGone = gone.length > 1 && (await this.#table.count()) === gone.length;
    await (areAllGone ? this.#table.clear() : this.#table.bulkDelete(gone));
    await this.#table.bulkPut(puts);
  }
}

/**
 * What an answer touches, within its transaction: a record that its pages bring, from under which an operation goes and that
 * is made again then, is read once and written once. Who asks a table for anything but rows by their keys, or writes to it,
 * lets {@link write} go before.
 */
export class RowsInHand {
  readonly database: DeviceDatabase;
  readonly records: KeptRows<StoredRow>;
  readonly confirmed: KeptRows<ConfirmedRow>;
  /** Acknowledged by this answer, and not in retention yet: whether they are settled its pages tell. */
  acknowledged: RetainedRow[] = [];

  constructor(database: DeviceDatabase) {
    this.database = database;
    const { confirmed } = database;
    this.records = new KeptRows(database.records, (keys) => rowsUnder(database, keys));
    this.confirmed = new KeptRows(confirmed, async (keys) => {
      if ((await confirmed.count()) > rowsPerKey * keys.length) return confirmed.bulkGet([...keys]);
      const rows = new Map((await confirmed.toArray()).map((row) => [recordKey(row.e, row.k), row]));
      return keys.map((key) => rows.get(recordKey(...key)));
    });
  }

  /** Brings the tables to where they stand in hand; what is asked for afterwards is read anew. */
  async write(): Promise<void> {
    const { acknowledged } = this;
    this.acknowledged = [];
    await Promise.all([
      this.records.write(),
      this.confirmed.write(),
      this.database.retained.bulkPut(acknowledged)
    ]);
  }
}
