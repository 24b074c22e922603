import { createSubscriber } from 'svelte/reactivity';
import { createRecordSet, type ChangingRecordSet, type RecordSet } from '#domain/records/record-set.ts';
import { isRecordType, type RecordType } from '#domain/records/registry.ts';
import { recordKey, type DeviceDatabase } from '$lib/storage/database.ts';
import { followRows } from '$lib/storage/follow-rows.ts';
import type { Live } from '$lib/storage/live-query.ts';
import { toRecordRow } from '$lib/storage/read.ts';

/** A change of the records: which rows; undefined = all of them were read anew. */
type Change = readonly { readonly type: RecordType; readonly id: string }[] | undefined;

/** So many changes are remembered for whoever counts on from an earlier state. */
const rememberedChanges = 100;

/**
 * All records of this desk in memory, for counting and review, live. They are read and parsed once; from then on only rows
 * that change, in any tab. What was given before a change is not to be read any more.
 */
export class DeskRecords {
  #latest: Live<RecordSet> = { state: 'loading' };
  /** The last changes, the newest last, and how many there have been in all. */
  #changes: Change[] = [];
  #version = 0;
  readonly #subscribe: () => void;

  constructor(database: DeviceDatabase) {
    this.#subscribe = createSubscriber((update) => {
      let records: ChangingRecordSet = createRecordSet([]);
      const tell = (change: Change): void => {
        this.#changes = [...this.#changes, change].slice(-rememberedChanges);
        this.#version += 1;
        this.#latest = { state: 'ready', value: records };
        update();
      };
      return followRows({
        table: database.records,
        covers: (key): key is [RecordType, string] => Array.isArray(key) && isRecordType(String(key[0])),
        written: (rows, [type, id]) => rows.records.get(recordKey(type, id)),
        readAll: async () => {
          const rows = await database.records.toArray();
          records = createRecordSet(
            rows.flatMap((row) => (isRecordType(row.e) ? [toRecordRow(row.e, row)] : []))
          );
          tell(undefined);
        },
        take: (changes) => {
          const changed = changes.map(({ key: [type, id], row }) => ({
            type,
            id,
            row: row === undefined ? undefined : toRecordRow(type, row)
          }));
          records = records.after(changed);
          tell(changed.map(({ type, id }) => ({ type, id })));
          return 'taken';
        },
        onError: (error) => {
          this.#latest = { state: 'failed', error };
          update();
        }
      });
    });
  }

  /** The records, or undefined while they are being read. Throws the storage's error, for the top screen to show. */
  get value(): RecordSet | undefined {
    this.#subscribe();
    if (this.#latest.state === 'failed') throw this.#latest.error;
    return this.#latest.state === 'ready' ? this.#latest.value : undefined;
  }

  /** Grows with each change. */
  get version(): number {
    this.#subscribe();
    return this.#version;
  }

  /** The rows that have changed since a version; undefined = nobody remembers, or all of them. */
  changedSince(version: number): Change {
    const missed = this.#version - version;
    if (missed > this.#changes.length) return undefined;
    const changes = missed === 0 ? [] : this.#changes.slice(-missed);
    return changes.includes(undefined) ? undefined : changes.flatMap((change) => change ?? []);
  }
}
