import { maxPhotoBytes, photoType } from '#domain/records/photo.ts';
import { fail, ok, type Result } from '#domain/result.ts';
import { withoutMetadata } from './jpeg.ts';

/** A picture ready to be stored: small enough to travel, without place and time of the camera. */
export interface PreparedPhoto {
  /** Of the bytes, hex. */
  readonly sha256: string;
  readonly bytes: ArrayBuffer;
  readonly thumbnail: ArrayBuffer;
}

export type PhotoProblem =
  /** No picture, or a damaged one. */
  | 'unreadable'
  /** A kind that this browser does not open, as iPhones make it. */
  | 'heic'
  /** Larger than the device can open safely. */
  | 'huge';

/** Longer side of what is stored, pixels: the words of a paper sheet stay readable. */
const maxSide = 1_600;
const thumbnailSide = 240;
const hugeBytes = 60_000_000;
const hugePixels = 120_000_000;
const qualities = [0.82, 0.7, 0.55, 0.4];
/** Below this it is good enough, whatever the quality. */
const wantedBytes = 600_000;

/**
 * Makes a chosen or taken picture smaller on the device. It is turned upright as the camera noted; what else the camera
 * noted is left out.
 */
export async function preparePhoto(file: File): Promise<Result<PreparedPhoto, PhotoProblem>> {
  if (file.size > hugeBytes) return fail('huge');
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (error) {
    console.info('The picture could not be opened', error);
    return fail(/\.hei[cf]$/i.test(file.name) || /hei[cf]/i.test(file.type) ? 'heic' : 'unreadable');
  }
  try {
    if (bitmap.width * bitmap.height > hugePixels) return fail('huge');
    const large = draw(bitmap, maxSide);
    const bytes = await encode(large);
    if (bytes === undefined) return fail('huge');
    const small = await draw(bitmap, thumbnailSide).convertToBlob({ type: photoType, quality: 0.7 });
    return ok({
      sha256: await hashOf(bytes),
      bytes,
      thumbnail: withoutMetadata(new Uint8Array(await small.arrayBuffer())).buffer
    });
  } finally {
    bitmap.close();
  }
}

/** The sizes of a picture whose longer side is at most `side`. */
export function fitted(
  { width, height }: { readonly width: number; readonly height: number },
  side: number
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, side / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale))
  };
}

function draw(bitmap: ImageBitmap, side: number): OffscreenCanvas {
  const { width, height } = fitted(bitmap, side);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser gives no canvas');
  // A picture with holes would be black in them.
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

/** The best quality whose bytes travel well; undefined = none is small enough. */
async function encode(canvas: OffscreenCanvas): Promise<ArrayBuffer | undefined> {
  let smallest: ArrayBuffer | undefined;
  for (const quality of qualities) {
    const blob = await canvas.convertToBlob({ type: photoType, quality });
    smallest = withoutMetadata(new Uint8Array(await blob.arrayBuffer())).buffer;
    if (smallest.byteLength <= wantedBytes) break;
  }
  return smallest !== undefined && smallest.byteLength <= maxPhotoBytes ? smallest : undefined;
}

async function hashOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
