import type { CentreRow, ReadSnapshot, StreamRows } from '#server/storage/server-storage.ts';
import {
  countOf,
  OpenPage,
  packRows,
  type PageAsked,
  type PageInParts,
  type PagePart
} from './page-in-parts.ts';

/*
 * A large stream is prepared once for all devices that begin at nothing: cut into stretches along its seqs, each packed for
 * itself. A record that changes gets a higher seq and leaves its stretch, and nothing ever comes into one; so a stretch that
 * was packed is right as long as the log it was made from is the beginning of the present one, and as many rows stand in it
 * as stood then. Both are asked of the very snapshot that the answer is made from, so that nothing in memory is believed,
 * whoever wrote meanwhile: this process, another one, or a restore.
 */

export interface PreparedOptions {
  /** About how many bytes of rows (JSON, before gzip) a stretch holds. */
  readonly stretchBytes: (stream: string) => number;
  /** Streams with fewer records are answered as they are. */
  readonly leastRecords: number;
  /** How many bytes all that is prepared may take in memory; what was not used for longest goes. */
  readonly mostBytes: number;
}

/** Cards pack to an eighth, marks to a sixtieth: a stretch of either takes some 16 kB of the link. */
const marksBytes = 800_000;
const othersBytes = 120_000;

const preparedOptions: PreparedOptions = {
  stretchBytes: (stream) => (stream === 'attendance' ? marksBytes : othersBytes),
  leastRecords: 1_000,
  mostBytes: 32_000_000
};

/** What is left behind the last stretch is read and packed for each device as long as it is less than this part of one. */
const restShare = 1 / 8;
/** A stretch of which less is left is cut anew, with all after it. */
const worthShare = 1 / 2;
/** Of more changed records that a stretch names it is packed again. */
const mostReplaced = 200;
/** An id in memory, with what holds it. */
const idBytes = 48;
/** Packed by gzip, a text takes a third of itself or less. */
const gzipShare = 1 / 3;

/** The seqs after `from` up to `to`. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** The last one of a stream need not be. */
  readonly isFull: boolean;
  /** Bytes of a row, about. */
  readonly rowBytes: number;
  piece: Piece | undefined;
}

/** A stretch as it was packed. */
interface Piece {
  /** The end of the log that it was made from. */
  readonly head: number;
  readonly hash: string;
  readonly to: number;
  /** Rows, those of records that left too. */
  readonly count: number;
  /** Of rows as JSON. */
  readonly bytes: number;
  readonly text: Buffer;
  readonly named: readonly string[];
  /** The streams of the records that it names. */
  readonly namedIn: readonly string[];
}

interface Usable {
  readonly piece: Piece;
  readonly replaced: PagePart['replaced'];
}

export class PreparedStreams {
  readonly #options: PreparedOptions;
  #streams = new Map<string, Stretch[]>();
  /** In the order of their use. */
  #kept = new Map<Stretch, number>();
  #bytes = 0;
  /** Stretches that are being packed; whoever wants one too waits. Never rejects. */
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(options: PreparedOptions = preparedOptions) {
    this.#options = options;
  }

  /** Bytes in memory, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Lets go of everything: somebody's data were erased, and memory shall not hold them either. */
  forget(): void {
    this.#streams = new Map();
    this.#kept = new Map();
    this.#bytes = 0;
  }

  /** The page of a large stream in parts; undefined = nothing of it is prepared, or worth it. */
  async page(snapshot: ReadSnapshot, centre: CentreRow, asked: PageAsked): Promise<PageInParts | undefined> {
    const { stream, from } = asked;
    // Other streams are one person's.
    if (stream.includes('/') || from >= centre.seq) return undefined;
    const stretches = await this.#stretchesOf(snapshot, centre, asked);
    const first = stretches?.find((stretch) => stretch.from >= from);
    if (stretches === undefined || (first === undefined && from !== endOf(stretches))) return undefined;
    if (first !== undefined && first.to > centre.seq) return undefined;

    const page = new OpenPage(snapshot, centre, asked);
    if (first !== undefined && first.from > from && !(await page.addRows(first.from)))
      return page.close(true);
    while (!page.isFull) {
      const next = await this.#next(snapshot, centre, asked, stretches, page.at);
      if (next === undefined) break;
      if (!page.addPiece(next)) return page.close(true);
    }
    if (!page.isPrepared) return undefined;
    return page.close(page.isFull ? await page.isMoreLeft() : !(await page.addRows()));
  }

  async #stretchesOf(
    snapshot: ReadSnapshot,
    centre: CentreRow,
    { stream, from }: PageAsked
  ): Promise<Stretch[] | undefined> {
    const known = this.#streams.get(stream);
    if (known !== undefined || from > 0) return known;
    const [records] = await snapshot.streamSum(centre.id, stream);
    if (records < this.#options.leastRecords) return undefined;
    const begun = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, begun);
    return begun;
  }

  /** The stretch that begins at a seq; undefined = what comes there is read as it is. */
  async #next(
    snapshot: ReadSnapshot,
    centre: CentreRow,
    asked: PageAsked,
    stretches: Stretch[],
    at: number
  ): Promise<Usable | undefined> {
    const key = `${asked.stream}/${at}`;
    // Nobody who packs waits for anybody, so this ends; a snapshot of its own has each.
    await this.#running.get(key);
    const working = this.#find(snapshot, centre, asked, stretches, at);
    const done = working.catch(() => undefined);
    this.#running.set(key, done);
    try {
      const found = await working;
      // What is named must have come to the asker before.
      const isReadable = found?.piece.namedIn.every((stream) => asked.reach.get(stream) === centre.seq);
      return isReadable === true ? found : undefined;
    } finally {
      if (this.#running.get(key) === done) this.#running.delete(key);
    }
  }

  async #find(
    snapshot: ReadSnapshot,
    centre: CentreRow,
    { stream }: PageAsked,
    stretches: Stretch[],
    at: number
  ): Promise<Usable | undefined> {
    const size = this.#options.stretchBytes(stream);
    const index = stretches.findIndex((stretch) => stretch.from === at);
    const stretch = stretches[index];
    if (stretch !== undefined) {
      if (stretch.to > centre.seq) return undefined;
      const isLast = index === stretches.length - 1;
      const grown = isLast && !stretch.isFull ? await restOf(snapshot, centre, stream, stretch) : 0;
      if (grown < size * restShare) {
        const usable = await this.#usable(snapshot, centre, stream, stretch);
        if (usable !== undefined) return usable;
        const rows = await snapshot.streamRows(centre.id, stream, at, Infinity, stretch.to);
        if (isLast || rows.bytes >= size * worthShare)
          return { piece: await this.#make(snapshot, centre, stream, stretch, rows), replaced: [] };
      }
      for (const left of stretches.splice(index)) this.#drop(left);
    } else if (at !== endOf(stretches) || stretches.at(-1)?.isFull === false) return undefined;

    const rows = await snapshot.streamRows(centre.id, stream, at, size);
    if (!rows.more && rows.bytes < size * restShare) return undefined;
    const rowBytes = rows.bytes / countOf(rows);
    const begun: Stretch = { from: at, to: rows.to, isFull: rows.more, rowBytes, piece: undefined };
    // Somebody else may have gone on with the stream meanwhile.
    if (at === endOf(stretches)) stretches.push(begun);
    return { piece: await this.#make(snapshot, centre, stream, begun, rows), replaced: [] };
  }

  /** What was packed, if it is right for this snapshot. */
  async #usable(
    snapshot: ReadSnapshot,
    centre: CentreRow,
    stream: string,
    stretch: Stretch
  ): Promise<Usable | undefined> {
    const { piece } = stretch;
    if (piece === undefined) return undefined;
    if ((await snapshot.hashAt(centre.id, piece.head)) !== piece.hash) return undefined;
    const count = await snapshot.streamCount(centre.id, stream, stretch.from, stretch.to);
    if (count !== piece.count) return undefined;
    const replaced: (readonly [number, string])[] = [];
    for (const named of piece.namedIn) {
      const changed = await snapshot.streamChanges(centre.id, named, piece.head, mostReplaced + 1);
      if (changed.length > mostReplaced) return undefined;
      for (const [, id] of changed) {
        const name = piece.named.indexOf(id);
        if (name >= 0) replaced.push([name, id]);
      }
    }
    this.#use(stretch, piece);
    return { piece, replaced };
  }

  async #make(
    snapshot: ReadSnapshot,
    centre: CentreRow,
    stream: string,
    stretch: Stretch,
    rows: StreamRows
  ): Promise<Piece> {
    const streams = this.#streams;
    const { text, named, namedIn } = await packRows(
      snapshot,
      centre,
      stream,
      stretch.from,
      rows,
      () => centre.seq
    );
    const piece = {
      head: centre.seq,
      hash: centre.hash,
      to: stretch.to,
      count: countOf(rows),
      bytes: rows.bytes,
      text: Buffer.from(text),
      named,
      namedIn
    };
    // Not if everything was let go meanwhile, or somebody else has cut the stream.
    if (streams === this.#streams && streams.get(stream)?.includes(stretch) === true)
      this.#use(stretch, piece);
    return piece;
  }

  #use(stretch: Stretch, piece: Piece): void {
    this.#drop(stretch);
    stretch.piece = piece;
    const bytes = piece.text.byteLength * (1 + gzipShare) + piece.named.length * idBytes;
    this.#kept.set(stretch, bytes);
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#options.mostBytes) return;
      this.#drop(oldest);
    }
  }

  #drop(stretch: Stretch): void {
    stretch.piece = undefined;
    this.#bytes -= this.#kept.get(stretch) ?? 0;
    this.#kept.delete(stretch);
  }
}

/** Bytes of rows that have come behind the last stretch, about. */
async function restOf(
  snapshot: ReadSnapshot,
  centre: CentreRow,
  stream: string,
  { to, rowBytes }: Stretch
): Promise<number> {
  return rowBytes * (await snapshot.streamCount(centre.id, stream, to, centre.seq));
}

function endOf(stretches: readonly Stretch[]): number {
  return stretches.at(-1)?.to ?? 0;
}
