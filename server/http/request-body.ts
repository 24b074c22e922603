import { fail, ok, type Result } from '#domain/result.ts';

export type BodyFailure = { readonly type: 'too_large' } | { readonly type: 'unreadable' };

/**
 * Reads a request's body as text, unpacking gzip on the way. Never holds more than `maxBytes` of the unpacked body, so
 * that a small body which unpacks to gigabytes is dropped as it comes.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Result<string, BodyFailure>> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return fail({ type: 'too_large' });
  if (request.body === null) return ok('');
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') return fail({ type: 'unreadable' });
  const source: ReadableStream<Uint8Array> =
    encoding === 'gzip' ? request.body.pipeThrough(new DecompressionStream('gzip')) : request.body;
  const read = await readChunks(source, maxBytes);
  if (read.end === 'too_large') return fail({ type: 'too_large' });
  // A cut connection, a broken gzip stream and bytes that are no UTF-8 all mean: nothing arrived.
  if (read.end === 'broken') return fail({ type: 'unreadable' });
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(read.bytes));
  } catch {
    return fail({ type: 'unreadable' });
  }
}

/**
 * Reads a part of a file: whatever arrives before the connection breaks counts, because the next part begins where this
 * one ended. undefined = more than `maxBytes`.
 */
export async function readPart(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return undefined;
  if (request.body === null) return new Uint8Array();
  const read = await readChunks(request.body, maxBytes);
  // Where the connection broke, what came before is a part like any other.
  return read.end === 'too_large' ? undefined : read.bytes;
}

/** Reads a stream as far as it goes, and never more than `maxBytes` of it. */
async function readChunks(
  source: ReadableStream<Uint8Array>,
  maxBytes: number
): Promise<{ readonly bytes: Buffer; readonly end: 'whole' | 'too_large' | 'broken' }> {
  const reader = source.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { bytes: Buffer.concat(chunks), end: 'whole' };
      length += value.byteLength;
      if (length > maxBytes) {
        await reader.cancel();
        return { bytes: Buffer.alloc(0), end: 'too_large' };
      }
      chunks.push(value);
    }
  } catch {
    return { bytes: Buffer.concat(chunks), end: 'broken' };
  }
}
