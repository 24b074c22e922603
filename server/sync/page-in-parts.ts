import { packPart, streamOfType, type PackedPart } from '#domain/sync/codec.ts';
import { toRecordState } from '#domain/sync/merge.ts';
import type { CentreRow, ReadSnapshot, StreamRows } from '#server/storage/server-storage.ts';
import { namesIn } from './record-names.ts';

/** A part of a page. */
export interface PagePart {
  readonly text: Buffer;
  /** Whether others get the same. */
  readonly kept: boolean;
  /** Of the records that it names, those that have changed since: [number of the name, id]. */
  readonly replaced: readonly (readonly [name: number, id: string])[];
}

/** A page whose rows stand in its parts. */
export interface PageInParts extends StreamRows {
  readonly parts: readonly PagePart[];
}

export interface PageAsked {
  readonly stream: string;
  readonly from: number;
  /** Bytes of rows. */
  readonly room: number;
  /** Whether the answer holds nothing yet: then one stretch is given, however large. */
  readonly isFirst: boolean;
  /** How far the asker gets in other streams by this very answer: what is named must lie before. */
  readonly reach: ReadonlyMap<string, number>;
}

/** A stretch as it was packed before, and what has changed since of the records that it names. */
interface PreparedPart {
  readonly piece: { readonly text: Buffer; readonly bytes: number; readonly to: number };
  readonly replaced: PagePart['replaced'];
}

/** A page that is being filled. */
export class OpenPage {
  readonly #snapshot: ReadSnapshot;
  readonly #centre: CentreRow;
  readonly #asked: PageAsked;
  readonly #parts: PagePart[] = [];
  #bytes = 0;
  at: number;

  constructor(snapshot: ReadSnapshot, centre: CentreRow, asked: PageAsked) {
    this.#snapshot = snapshot;
    this.#centre = centre;
    this.#asked = asked;
    this.at = asked.from;
  }

  get isPrepared(): boolean {
    return this.#parts.some(({ kept }) => kept);
  }

  get isFull(): boolean {
    return this.#bytes >= this.#asked.room;
  }

  /** False = there is no room for it. */
  addPiece({ piece, replaced }: PreparedPart): boolean {
    const isNeeded = this.#asked.isFirst && this.#parts.length === 0;
    if (!isNeeded && (this.isFull || this.#bytes + piece.bytes > this.#asked.room)) return false;
    this.#parts.push({ text: piece.text, kept: true, replaced });
    this.#bytes += piece.bytes;
    this.at = piece.to;
    return true;
  }

  /** Rows that are packed for this answer only, all up to `upTo` or as many as there is room for; false = more wait. */
  async addRows(upTo?: number): Promise<boolean> {
    const { stream, room, reach } = this.#asked;
    const rows = await this.#snapshot.streamRows(this.#centre.id, stream, this.at, room - this.#bytes, upTo);
    if (countOf(rows) > 0) {
      const reaches = (named: string): number => reach.get(named) ?? 0;
      const { text } = await packRows(this.#snapshot, this.#centre, stream, this.at, rows, reaches);
      this.#parts.push({ text: Buffer.from(text), kept: false, replaced: [] });
    }
    this.#bytes += rows.bytes;
    this.at = rows.more ? rows.to : (upTo ?? rows.to);
    return !rows.more;
  }

  async isMoreLeft(): Promise<boolean> {
    const { id, seq } = this.#centre;
    return (await this.#snapshot.streamCount(id, this.#asked.stream, this.at, seq)) > 0;
  }

  close(more: boolean): PageInParts {
    return { rows: [], gone: [], to: this.at, more, bytes: this.#bytes, parts: this.#parts };
  }
}

/** Rows packed into a part of a page, and the streams of the records that it names. */
export async function packRows(
  snapshot: ReadSnapshot,
  centre: CentreRow,
  stream: string,
  from: number,
  { rows, gone }: StreamRows,
  reaches: (stream: string) => number
): Promise<PackedPart & { readonly namedIn: readonly string[] }> {
  const states = rows.map(toRecordState);
  const names = await namesIn(snapshot, centre.id, states, reaches);
  // At a fresh start nobody holds what left before.
  const packed = packPart(stream, states, from === 0 ? [] : gone, names);
  const streams = new Set([...names.values()].flatMap(({ type }) => streamOfType(type) ?? []));
  return { ...packed, namedIn: [...streams] };
}

/** Rows of a page, those of records that left too. */
export function countOf({ rows, gone }: StreamRows): number {
  return rows.length + gone.length;
}
