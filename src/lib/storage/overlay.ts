import type { Operation } from '#domain/sync/operation.ts';
import { definitionOf } from '#domain/records/registry.ts';
import { recordKey, type DeviceDatabase, type RecordBody, type StoredRow } from './database.ts';
import { open, seal } from './sealing.ts';

/** This device's operations on a record that are not settled yet, in order: waiting, acknowledged but not yet received, held. */
export async function unsettledOperations(database: DeviceDatabase, key: string): Promise<Operation[]> {
  const [waiting, retained, attention] = await Promise.all([
    database.outbox.where('keys').equals(key).toArray(),
    database.retained.where('keys').equals(key).toArray(),
    database.attention.where('keys').equals(key).toArray()
  ]);
  return [
    ...waiting,
    ...retained.filter((row) => row.settled === 0),
    ...attention.filter((row) => row.outcome === 'held' && row.state === 'open')
  ]
    .sort((left, right) => left.n - right.n)
    .map((row) => open(row.body));
}

/** A body with the changes of operations laid over it; undefined when neither exists. */
export function layOver(
  received: RecordBody | undefined,
  operations: readonly Operation[],
  type: string,
  id: string
): RecordBody | undefined {
  let body = received;
  for (const operation of operations) {
    for (const change of operation.ch) {
      if (change.e !== type || change.k !== id) continue;
      const fields: Record<string, unknown> = { ...body?.f };
      for (const [name, value] of Object.entries(change.set)) {
        if (value === null || value === undefined) delete fields[name];
        else fields[name] = value;
      }
      body = { by: operation.by, at: operation.w, f: fields };
    }
  }
  return body;
}

/**
 * Makes the displayed row of a record again from its received state and the unsettled operations. Called inside a
 * transaction whenever one of the two changed.
 */
export async function redraw(database: DeviceDatabase, type: string, id: string): Promise<void> {
  const [confirmed, row, operations] = await Promise.all([
    database.confirmed.get([type, id]),
    database.records.get([type, id]),
    unsettledOperations(database, recordKey(type, id))
  ]);
  if (confirmed === undefined) return;
  const received = confirmed.body === null ? undefined : open(confirmed.body);
  const body = layOver(received, operations, type, id);
  if (operations.length === 0) await database.confirmed.delete([type, id]);
  if (body === undefined) await database.records.delete([type, id]);
  else await database.records.put(displayedRow(type, id, body, row));
}

/** A row with its parent for the index; what it knows of streams and received seq is kept. */
export function displayedRow(type: string, id: string, body: RecordBody, previous?: StoredRow): StoredRow {
  const parent = definitionOf(type)?.parentOf(id, body.f);
  return {
    e: type,
    k: id,
    seq: previous?.seq ?? 0,
    streams: previous?.streams ?? [],
    mentions: previous?.mentions ?? {},
    body: seal(body),
    ...(previous?.era === undefined ? {} : { era: previous.era }),
    ...(parent === undefined ? {} : { p: parent })
  };
}
