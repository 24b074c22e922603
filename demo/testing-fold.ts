import { isRecordType, parseValues, type RecordRow, type RecordType } from '#domain/records/registry.ts';
import { createRecordSet, type RecordSet } from '#domain/records/record-set.ts';
import { applyEnvelope, type RecordSpace } from '#domain/sync/apply.ts';
import { plainValues, type StoredRecord } from '#domain/sync/merge.ts';
import { mayWrite } from '#domain/sync/scope.ts';
import { wireOperations, type DemoBatch } from './batch.ts';

/** A log in memory, to which batches are pushed as a server would. */
export interface Log {
  push(batches: readonly DemoBatch[]): void;
  readonly rows: () => RecordSet;
  readonly get: (type: RecordType, id: string) => StoredRecord | undefined;
  readonly all: () => readonly StoredRecord[];
  /** Changes that the table of access would refuse. */
  readonly forbidden: readonly string[];
}

export function createLog(): Log {
  const stored = new Map<string, StoredRecord>();
  const numbers = new Map<string, number>();
  const forbidden: string[] = [];
  let seq = 0;
  const space: RecordSpace = {
    get: (type, id) => stored.get(`${type}/${id}`),
    put: (record) => stored.set(`${record.e}/${record.k}`, record)
  };
  const push = (batch: DemoBatch): void => {
    const { device, role, user } = batch;
    const firstNumber = numbers.get(device) ?? 1;
    const operations = wireOperations(batch, { lastSeq: seq, firstNumber });
    numbers.set(device, firstNumber + operations.length);
    for (const { n, w, by, ch } of operations) {
      seq += 1;
      for (const change of ch) {
        const present = space.get(change.e, change.k);
        const touched = {
          bornOn: present?.born,
          values: present === undefined ? {} : plainValues(present)
        };
        if (!mayWrite({ role, user, device }, change, touched))
          forbidden.push(`${device} ${change.e}/${change.k}`);
      }
      applyEnvelope(
        {
          seq,
          kind: 'operation',
          device,
          n,
          by,
          corrected: w,
          suspect: false,
          outcome: 'applied',
          reason: null,
          detail: null,
          changes: ch,
          replaces: null
        },
        space,
        new Map()
      );
    }
  };
  return {
    push: (batches) => batches.forEach(push),
    rows: () => createRecordSet([...stored.values()].flatMap(toRow)),
    get: (type, id) => stored.get(`${type}/${id}`),
    all: () => [...stored.values()],
    forbidden
  };
}

function toRow(record: StoredRecord): readonly RecordRow<RecordType>[] {
  const { e, k, seq, by, at } = record;
  if (!isRecordType(e)) return [];
  return [{ type: e, id: k, seq, by, at, values: parseValues(e, plainValues(record)) }];
}
