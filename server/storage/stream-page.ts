import type { StoredRecord } from '#domain/sync/merge.ts';
import type { StreamRows } from './server-storage.ts';
import { parseStored } from './stored-json.ts';

/** A row of `record_streams` with the record's state, in the order of seq, type and id. */
export interface StreamRow {
  readonly seq: number;
  readonly type: string;
  readonly id: string;
  /** 1 = the record left the stream with this seq. */
  readonly gone: number;
  readonly state: string | null;
}

/** The stored form of a field carries who wrote it and when, which pages leave out: about so many characters. */
const metaLength = 90;

/** Takes whole seq groups until the bytes are used up; the first group is always taken, so that every page moves on. */
export class StreamPage {
  readonly #afterSeq: number;
  readonly #maxBytes: number;
  readonly #rows: StoredRecord[] = [];
  readonly #gone: [string, string, number][] = [];
  #to: number;
  #bytes = 0;
  #more = false;

  constructor(afterSeq: number, maxBytes: number) {
    this.#afterSeq = afterSeq;
    this.#to = afterSeq;
    this.#maxBytes = maxBytes;
  }

  /** False = the page is full, and the row belongs to the next one. */
  add(row: StreamRow): boolean {
    if (row.seq !== this.#to && this.#to !== this.#afterSeq && this.#bytes >= this.#maxBytes) {
      this.#more = true;
      return false;
    }
    this.#to = row.seq;
    if (row.gone === 1 || row.state === null) {
      this.#gone.push([row.type, row.id, row.seq]);
      this.#bytes += row.type.length + row.id.length + 20;
    } else {
      const record = parseStored<StoredRecord>(row.state);
      this.#rows.push(record);
      this.#bytes += Math.max(100, row.state.length - metaLength * Object.keys(record.fields).length);
    }
    return true;
  }

  get result(): StreamRows {
    return { rows: this.#rows, gone: this.#gone, to: this.#to, more: this.#more, bytes: this.#bytes };
  }
}
