import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '#domain/result.ts';
import type { AppDeps } from './app-deps.ts';
import { isPlainDrawing } from './drawing.ts';
import type { ErrorCode } from './errors.ts';

export const drawingType = 'image/svg+xml';
/** A signature's strokes. */
export const maxDrawingBytes = 8_000;

/** Keeps a drawing that a stored operation names under the sha-256 of its bytes; the same again changes nothing. */
export async function storeDrawing(
  deps: Pick<AppDeps, 'storage' | 'centre' | 'clock'>,
  sha256: string,
  bytes: Buffer
): Promise<Result<undefined, ErrorCode>> {
  if (bytes.byteLength > maxDrawingBytes) return fail('too_large');
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) return fail('hash_mismatch');
  if (!isPlainDrawing(bytes.toString('utf8'))) return fail('unsafe_drawing');
  const isStored = await deps.storage.withTransaction(async (tx) => {
    if ((await tx.attachment(deps.centre, sha256)) !== undefined) return true;
    // Nobody may fill the disk with what no record asks for.
    if ((await tx.recordsNaming(deps.centre, sha256)).length === 0) return false;
    const attachment = { sha256, mime: drawingType, size: bytes.byteLength, storedAt: deps.clock() };
    await tx.putAttachment(deps.centre, attachment, bytes);
    return true;
  });
  return isStored ? ok(undefined) : fail('not_named');
}
