import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, type ZlibOptions } from 'node:zlib';

/** A piece of a text, UTF-8. */
export interface TextPiece {
  readonly text: Buffer;
  /** It goes out many times, and is packed once for all of them, as long as its text stands in memory. */
  readonly kept: boolean;
}

/** Columns change their kind often: small blocks and no short matches pack them 3 % smaller, in no more time. */
const packing = { memLevel: 5, strategy: constants.Z_FILTERED };
/** Ends between two bytes, so that another piece can follow, which leans on nothing before it. */
const piecePacking = { ...packing, finishFlush: constants.Z_SYNC_FLUSH };

const deflate = promisify<Buffer, ZlibOptions, Buffer>(deflateRaw);
const packed = new WeakMap<Buffer, Promise<Buffer>>();

/** Of the method deflate, without a name, a time or a system (RFC 1952). */
const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty last block. */
const lastBlock = Buffer.from([3, 0]);

/**
 * One gzip file of a text in pieces. Each is a run of blocks of the one deflate stream, so that everything that reads gzip
 * reads it; only the sum over the whole text is made for every file.
 */
export async function gzipPieces(pieces: readonly TextPiece[]): Promise<Buffer> {
  const joined = joinPassing(pieces);
  const blocks = await Promise.all(
    joined.map((piece) => (piece.kept ? keptBlocks(piece.text) : deflate(piece.text, piecePacking)))
  );
  const end = Buffer.alloc(8);
  end.writeUInt32LE(joined.reduce((sum, { text }) => crc32(text, sum), 0));
  end.writeUInt32LE(joined.reduce((sum, { text }) => sum + text.byteLength, 0) % 2 ** 32, 4);
  return Buffer.concat([head, ...blocks, lastBlock, end]);
}

/** Neighbours that are packed for this file only become one piece. */
function joinPassing(pieces: readonly TextPiece[]): readonly TextPiece[] {
  const joined: TextPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    // The sum of nothing would begin anew.
    if (piece.text.byteLength === 0) continue;
    if (piece.kept || last === undefined || last.kept) joined.push(piece);
    else joined[joined.length - 1] = { text: Buffer.concat([last.text, piece.text]), kept: false };
  }
  return joined;
}

function keptBlocks(text: Buffer): Promise<Buffer> {
  const known = packed.get(text);
  if (known !== undefined) return known;
  const made = deflate(text, { ...piecePacking, level: constants.Z_BEST_COMPRESSION });
  packed.set(text, made);
  // A failure is told to who waits for it, and not kept.
  made.catch(() => packed.delete(text));
  return made;
}
