import type { DeviceDatabase, StoredRow } from '$lib/storage/database.ts';

/** A phone receives a few records: nothing is won by asking for many together. Stands in place of `$lib/storage/rows-under.ts`. */
export function rowsUnder(
  database: DeviceDatabase,
  keys: [type: string, id: string][]
): Promise<(StoredRow | undefined)[]> {
  return database.records.bulkGet(keys);
}
