import type { SyncRequest } from '#domain/sync/protocol.ts';
import { NamedIds, recordsIn, tagOf, type Name, type Names } from '#domain/sync/codec.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';

/** Names of the records in a batch that the server has sent to this device. */
export async function namesIn(database: DeviceDatabase, ops: SyncRequest['ops']): Promise<Names> {
  const wanted = new Map<string, readonly [string, string]>();
  for (const operation of ops)
    for (const [type, id] of changesOf(operation))
      for (const key of recordsIn(type, id)) wanted.set(key[1], key);
  const keys = [...wanted.values()];
  if (keys.length === 0) return new Map();
  const rows = await database.records.bulkGet(keys.map(([type, id]): [string, string] => [type, id]));
  const names = new Map<string, Name>();
  for (const row of rows)
    if (row !== undefined && row.seq > 0) names.set(row.k, { type: row.e, seq: row.seq, tag: tagOf(row.k) });
  return names;
}

/** Ids of the received records that the server names; undefined where there is none, or more than one. */
export async function idsOf(
  database: DeviceDatabase,
  names: readonly Name[]
): Promise<(string | undefined)[]> {
  if (names.length === 0) return [];
  const rows = await database.records
    .where('seq')
    .anyOf([...new Set(names.map((name) => name.seq))])
    .toArray();
  const found = new NamedIds();
  for (const row of rows) found.add(row.e, row.k, row.seq);
  return names.map((name) => found.idOf(name));
}

function changesOf(operation: unknown): readonly (readonly [type: string, id: string])[] {
  if (operation === null || typeof operation !== 'object' || !('ch' in operation)) return [];
  const changes: unknown = operation.ch;
  if (!Array.isArray(changes)) return [];
  return changes.flatMap((change: unknown) =>
    change !== null &&
    typeof change === 'object' &&
    'e' in change &&
    'k' in change &&
    typeof change.e === 'string' &&
    typeof change.k === 'string'
      ? [[change.e, change.k] as const]
      : []
  );
}
