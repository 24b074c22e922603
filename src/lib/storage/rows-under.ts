import { recordKey, splitKey, type DeviceDatabase, type StoredRow } from './database.ts';

/** From so many records of one part on, one question for the keys under it costs less than one for each. */
const worthRange = 8;

/**
 * The stored rows under these keys, undefined where there is none. Most records of a first load are new: those of one
 * session, or of anything else that others are parts of, are asked for together.
 */
export async function rowsUnder(
  database: DeviceDatabase,
  keys: readonly [type: string, id: string][]
): Promise<(StoredRow | undefined)[]> {
  const partOf = ([type, id]: [string, string]): string => recordKey(type, id.slice(0, id.indexOf('~') + 1));
  const sizes = new Map<string, number>();
  for (const key of keys) sizes.set(partOf(key), (sizes.get(partOf(key)) ?? 0) + 1);
  const isAskedWhole = (part: string): boolean => part.endsWith('~') && (sizes.get(part) ?? 0) >= worthRange;
  const there = new Set<string>();
  await Promise.all(
    [...sizes.keys()].filter(isAskedWhole).map(async (part) => {
      const [type, id] = splitKey(part);
      const under = database.records.where('[e+k]').between([type, id], [type, `${id}\uffff`]);
      for (const key of await under.primaryKeys()) there.add(recordKey(...key));
    })
  );
  const asked = keys.filter((key) => !isAskedWhole(partOf(key)) || there.has(recordKey(...key)));
  const found = await database.records.bulkGet(asked);
  const rows = new Map(asked.map((key, index) => [recordKey(...key), found[index]]));
  return keys.map((key) => rows.get(recordKey(...key)));
}
