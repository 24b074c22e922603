const startOfScan = 0xda;

/**
 * A JPEG without what cameras and programs write beside the picture: place, time, device, colour notes. Some browsers add
 * such a segment even to what a canvas gives. Bytes that are no JPEG come back as they are.
 */
export function withoutMetadata(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return bytes;
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === startOfScan) break;
    const end = at + 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    if (!isMetadata(marker)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(bytes.subarray(at));
  const whole = new Uint8Array(kept.reduce((sum, part) => sum + part.byteLength, 0));
  let position = 0;
  for (const part of kept) {
    whole.set(part, position);
    position += part.byteLength;
  }
  return whole;
}

/** APP1 … APP15 without APP14, by which a decoder tells the colours, and comments; APP0 names the format itself. */
function isMetadata(marker: number): boolean {
  return (marker >= 0xe1 && marker <= 0xef && marker !== 0xee) || marker === 0xfe;
}
