import { Dexie } from 'dexie';
import type { DeviceState, OutboxRow, StoredRow } from './database.ts';

/** What one transaction of this tab has put, by key. */
export interface WrittenRows {
  /** By `type/id`. */
  readonly records: ReadonlyMap<string, StoredRow>;
  /** The operation that waits now. */
  readonly waiting: OutboxRow;
  readonly state: DeviceState;
}

const handedOver = new WeakMap<object, WrittenRows>();

/**
 * Hands rows that the present transaction has put to those who follow them, so that at its commit they need not be read
 * again. Dexie gathers what a transaction touches in one object and tells of the commit with that very object.
 */
export function handOver(rows: WrittenRows): void {
  const transaction: object = Dexie.currentTransaction.idbtrans;
  if (!('mutatedParts' in transaction)) return;
  const { mutatedParts } = transaction;
  if (typeof mutatedParts === 'object' && mutatedParts !== null) handedOver.set(mutatedParts, rows);
}

/** What the transaction that is told of by this object has put; undefined when its rows must be read. */
export function writtenRows(parts: object): WrittenRows | undefined {
  return handedOver.get(parts);
}
