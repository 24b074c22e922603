import { Dexie, type Dexie as Database, type ObservabilitySet } from 'dexie';
import { beginReading } from './first-readings.ts';
import { changedKeys } from './changed-keys.ts';
import { writtenRows, type WrittenRows } from './written-rows.ts';

/** What is asked of a table. */
export interface RowsTable<Row, Key> {
  readonly name: string;
  readonly db: Pick<Database, 'name'>;
  readonly bulkGet: (keys: Key[]) => PromiseLike<(Row | undefined)[]>;
}

/** Which rows of a table are followed, and who is told of them. */
export interface Following<Row, Key> {
  readonly table: RowsTable<Row, Key>;
  /** Whether the row of this key may be among the followed ones. */
  readonly covers: (key: unknown) => key is Key;
  /** The row as a transaction of this tab has just put it. */
  readonly written: (rows: WrittenRows, key: Key) => Row | undefined;
  /** Reads all of them: at first, and whenever it is not known which have changed. */
  readonly readAll: () => Promise<void>;
  /** Rows that have changed; without a row = it is gone. Answers whether that was enough. */
  readonly take: (
    changes: readonly { readonly key: Key; readonly row: Row | undefined }[]
  ) => 'taken' | 'read_all';
  readonly onError: (error: unknown) => void;
}

/**
 * Follows rows through changes in any tab: after the first reading only rows that have changed are read, and those that
 * this tab has just written are not even read. Returns how to stop.
 */
export function followRows<Row, Key>(following: Following<Row, Key>): () => void {
  const { table, covers, readAll, take, onError } = following;
  const waiting = new Map<string, { readonly key: Key; readonly row: Row | undefined }>();
  let readsAll = true;
  let isBusy = false;
  let isStopped = false;

  function onChange(parts: ObservabilitySet): void {
    const changed = changedKeys(parts, table.db.name, table.name);
    const written = writtenRows(parts);
    if (changed === 'all') readsAll = true;
    else
      for (const key of changed.filter(covers)) {
        const row = written === undefined ? undefined : following.written(written, key);
        waiting.set(JSON.stringify(key), { key, row });
      }
    if (!isBusy) void work();
  }

  async function work(): Promise<void> {
    isBusy = true;
    try {
      while (!isStopped && (readsAll || waiting.size > 0)) {
        const changes = [...waiting.values()];
        waiting.clear();
        if (readsAll) {
          readsAll = false;
          await readAll().finally(beginReading());
        } else {
          const isRead = changes.every(({ row }) => row !== undefined);
          const rows = isRead ? [] : await table.bulkGet(changes.map(({ key }) => key));
          if (isStopped) return;
          const taken = take(isRead ? changes : changes.map(({ key }, index) => ({ key, row: rows[index] })));
          readsAll ||= taken === 'read_all';
        }
      }
    } catch (error) {
      // Nothing is certain any more: the next change reads everything again.
      readsAll = true;
      if (!isStopped) onError(error);
    } finally {
      isBusy = false;
    }
  }

  Dexie.on.storagemutated.subscribe(onChange);
  void work();
  return () => {
    isStopped = true;
    Dexie.on.storagemutated.unsubscribe(onChange);
  };
}
