import { createRecordSet, type RecordSet } from '#domain/records/record-set.ts';
import { isRecordType, type RecordRow, type RecordType } from '#domain/records/registry.ts';
import type { DeviceDatabase, StoredRow } from '$lib/storage/database.ts';
import { toRecordRow } from '$lib/storage/read.ts';

interface Cached {
  readonly seq: number;
  readonly row: RecordRow<RecordType>;
}

/**
 * Reads all records of this desk into memory, for counting and review. Parsing costs most, so rows that have not moved
 * since the last reading are kept: a row is what it was when its seq is the same and nothing of this device lies over it.
 */
export class RecordCache {
  #rows = new Map<string, Cached>();

  async read(database: DeviceDatabase): Promise<RecordSet> {
    const [stored, covered] = await Promise.all([
      database.records.toArray(),
      database.confirmed.toCollection().primaryKeys()
    ]);
    const unsettled = new Set(covered.map(([type, id]) => `${type}/${id}`));
    const next = new Map<string, Cached>();
    const rows: RecordRow<RecordType>[] = [];
    for (const row of stored) {
      if (!isRecordType(row.e)) continue;
      const key = `${row.e}/${row.k}`;
      const parsed = this.#parse(row.e, row, key, unsettled.has(key));
      rows.push(parsed);
      if (!unsettled.has(key)) next.set(key, { seq: row.seq, row: parsed });
    }
    this.#rows = next;
    return createRecordSet(rows);
  }

  #parse(type: RecordType, row: StoredRow, key: string, isUnsettled: boolean): RecordRow<RecordType> {
    const cached = this.#rows.get(key);
    return cached !== undefined && cached.seq === row.seq && !isUnsettled
      ? cached.row
      : toRecordRow(type, row);
  }
}
