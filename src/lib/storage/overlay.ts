import { isErasedMark } from '#domain/sync/erased-mark.ts';
import type { Operation } from '#domain/sync/operation.ts';
import { definitionOf } from '#domain/records/registry.ts';
import type { Collection, EntityTable } from 'dexie';
import {
  recordKey,
  splitKey,
  type AttentionRow,
  type DeviceDatabase,
  type OutboxRow,
  type RetainedRow,
  type RecordBody,
  type StoredRow
} from './database.ts';
import { RowsInHand } from './rows-in-hand.ts';
import { open, seal } from './sealing.ts';

/** A table is read whole when that is no more than so many rows for each record that is asked for. */
const rowsPerRecord = 4;

/**
 * This device's operations on records (`type/id`) that are not settled yet: waiting, acknowledged but not yet received,
 * held. In order, by record; a record without any is left out. A fixed number of requests, however many records.
 * @param acknowledged those that are not in retention yet
 */
export async function unsettledOperations(
  database: DeviceDatabase,
  keys: readonly string[],
  acknowledged: readonly RetainedRow[] = []
): Promise<ReadonlyMap<string, readonly Operation[]>> {
  const wanted = new Set(keys);
  const [waiting, retained, attention] = await Promise.all([
    touching<OutboxRow>(database.outbox, database.outbox.toCollection(), keys),
    touching<RetainedRow>(database.retained, database.retained.where('settled').equals(0), keys),
    touching<AttentionRow>(database.attention, database.attention.where('state').equals('open'), keys)
  ]);
  const unsettled: readonly OutboxRow[] = [
    ...waiting,
    ...acknowledged,
    ...retained.filter((row) => row.settled === 0),
    ...attention.filter((row) => row.outcome === 'held' && row.state === 'open')
  ];
  const found = new Map<string, Operation[]>();
  for (const row of [...unsettled].sort((left, right) => left.n - right.n)) {
    const operation = open(row.body);
    for (const key of row.keys) {
      if (!wanted.has(key)) continue;
      const earlier = found.get(key);
      if (earlier === undefined) found.set(key, [operation]);
      else earlier.push(operation);
    }
  }
  return found;
}

/** The rows of a table that touch a record: all unsettled ones when they are few, else looked up one record after another. */
async function touching<Row extends OutboxRow>(
  table: EntityTable<Row, 'n'>,
  unsettled: Pick<Collection<Row>, 'count' | 'toArray'>,
  keys: readonly string[]
): Promise<Row[]> {
  const [only] = keys;
  if (only !== undefined && keys.length === 1) return table.where('keys').equals(only).toArray();
  if ((await unsettled.count()) <= rowsPerRecord * keys.length) return unsettled.toArray();
  return table
    .where('keys')
    .anyOf([...keys])
    .distinct()
    .toArray();
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
        if (isErasedMark(value)) continue;
        if (value === null || value === undefined) delete fields[name];
        else fields[name] = value;
      }
      body = { by: operation.by, at: operation.w, f: fields };
    }
  }
  return body;
}

/**
 * Makes the displayed rows of records (`type/id`) again from their received states and the unsettled operations. Called
 * inside a transaction whenever one of the two changed.
 */
export async function redraw(database: DeviceDatabase, keys: Iterable<string>): Promise<void> {
  const hand = new RowsInHand(database);
  await redrawInHand(hand, keys);
  await hand.write();
}

/** {@link redraw}, of what is written later. */
export async function redrawInHand(hand: RowsInHand, keys: Iterable<string>): Promise<void> {
  const wanted = [...new Set(keys)];
  if (wanted.length === 0) return;
  const ids = wanted.map(splitKey);
  const confirmed = await hand.confirmed.get(ids);
  if (confirmed.every((row) => row === undefined)) return;
  const [rows, unsettled] = await Promise.all([
    hand.records.get(ids),
    unsettledOperations(hand.database, wanted, hand.acknowledged)
  ]);
  for (const [index, key] of ids.entries()) {
    const aside = confirmed[index];
    if (aside === undefined) continue;
    const operations = unsettled.get(recordKey(...key)) ?? [];
    const received = aside.body === null ? undefined : open(aside.body);
    const body = layOver(received, operations, ...key);
    if (operations.length === 0) hand.confirmed.set(key, undefined);
    hand.records.set(key, body === undefined ? undefined : displayedRow(...key, body, rows[index]));
  }
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
