import { parseValues, type RecordRow, type RecordType } from '#domain/records/registry.ts';
import type { DeviceDatabase, StoredRow } from './database.ts';
import { open } from './sealing.ts';
import type { ShownRow } from './write.ts';

/** A stored row as screens and counts see it; fields that do not fit the schema are left aside. */
export function toRecordRow<Type extends RecordType>(type: Type, row: StoredRow): RecordRow<Type> {
  const body = open(row.body);
  return {
    type,
    id: row.k,
    seq: row.seq,
    ...(row.era === undefined ? {} : { era: row.era }),
    by: body.by,
    at: body.at,
    values: parseValues(type, body.f)
  };
}

/** What a form that opens on this row gives to `write()` as `shown`. */
export function shownOf(row: ShownRow): number | ShownRow {
  return row.era === undefined ? row.seq : { seq: row.seq, era: row.era };
}

/** One record, or undefined. */
export async function readRecord<Type extends RecordType>(
  database: DeviceDatabase,
  type: Type,
  id: string
): Promise<RecordRow<Type> | undefined> {
  const row = await database.records.get([type, id]);
  return row === undefined ? undefined : toRecordRow(type, row);
}

/** Records by their ids in one request; those that are not on this device are left out. */
export async function readMany<Type extends RecordType>(
  database: DeviceDatabase,
  type: Type,
  ids: readonly string[]
): Promise<ReadonlyMap<string, RecordRow<Type>>> {
  const rows = await database.records.bulkGet(ids.map((id): [string, string] => [type, id]));
  return new Map(
    rows.flatMap((row) => (row === undefined ? [] : [[row.k, toRecordRow(type, row)] as const]))
  );
}

/**
 * All records of a type that are not deleted. By the primary key, which begins with the type: a live query notes one range
 * then, and of an index it would note each row.
 */
export async function readAll<Type extends RecordType>(
  database: DeviceDatabase,
  type: Type
): Promise<readonly RecordRow<Type>[]> {
  const rows = await database.records.where(':id').between([type], [type, []]).toArray();
  return rows.filter(isThere).map((row) => toRecordRow(type, row));
}

/** A slice is made as long as holds the page about so many milliseconds: taps and keys are answered between two. */
const sliceMs = 6;
const firstSliceRows = 20;
const mostSliceRows = 2_000;

/**
 * Gives all stored rows of a type, slice by slice. Asks the database itself: Dexie's own work around a request would cost a
 * slow tablet as much as the rows of a slice.
 */
export async function readInSlices(
  database: DeviceDatabase,
  type: RecordType,
  take: (rows: readonly StoredRow[]) => void
): Promise<void> {
  let range = IDBKeyRange.bound([type], [type, []]);
  for (let wanted = firstSliceRows; ;) {
    const { rows, startedAt } = await readSlice(database, range, wanted);
    take(rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < wanted) return;
    range = IDBKeyRange.bound([type, last.k], [type, []], true);
    const tookMs = Math.max(performance.now() - startedAt, 0.1);
    const fitting = Math.round((wanted * sliceMs) / tookMs);
    wanted = Math.min(Math.max(fitting, firstSliceRows), wanted * 2, mostSliceRows);
  }
}

/** One transaction of its own, so that no tap waits for more than one slice. */
function readSlice(
  database: DeviceDatabase,
  range: IDBKeyRange,
  wanted: number
): Promise<{ readonly rows: readonly StoredRow[]; readonly startedAt: number }> {
  return new Promise((resolve, reject) => {
    const { name } = database.records;
    const tx = database.backendDB().transaction(name, 'readonly');
    const request = tx.objectStore(name).getAll(range, wanted);
    request.onsuccess = () => {
      const startedAt = performance.now();
      // The browser makes the rows when they are asked for: that is a good part of what a slice costs.
      resolve({ rows: request.result as StoredRow[], startedAt });
    };
    request.onerror = () => reject(request.error ?? new Error('The storage gave no rows'));
  });
}

/** The records of a type listed under a parent (the marks of a session) that are not deleted. */
export async function readUnder<Type extends RecordType>(
  database: DeviceDatabase,
  type: Type,
  parent: string
): Promise<readonly RecordRow<Type>[]> {
  const rows = await database.records.where('[e+p]').equals([type, parent]).toArray();
  return rows.filter(isThere).map((row) => toRecordRow(type, row));
}

/** The records of a type listed under any of these parents that are not deleted, in one request. */
export async function readUnderAny<Type extends RecordType>(
  database: DeviceDatabase,
  type: Type,
  parents: readonly string[]
): Promise<ReadonlyMap<string, readonly RecordRow<Type>[]>> {
  const keys = parents.map((parent): [string, string] => [type, parent]);
  const rows = await database.records.where('[e+p]').anyOf(keys).toArray();
  const found = new Map<string, RecordRow<Type>[]>();
  for (const row of rows.filter(isThere)) {
    const parent = row.p ?? '';
    found.set(parent, [...(found.get(parent) ?? []), toRecordRow(type, row)]);
  }
  return found;
}

/** Keys (`type/id`) of records whose last change has not been acknowledged: «на планшете». */
export async function readWaitingKeys(database: DeviceDatabase): Promise<ReadonlySet<string>> {
  const keys = await database.outbox.orderBy('keys').uniqueKeys();
  return new Set(keys.map(String));
}

/** Whether the record is not deleted. */
export function isThere(row: StoredRow): boolean {
  return open(row.body).f['deletedAt'] === undefined;
}
