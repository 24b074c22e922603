/** A JPEG of a given length whose insides are noise: headers and end are right, the rest is what a scan may hold. */
export function testPicture(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    // No 0xff inside: it would be a marker.
    bytes[index] = (state >>> 16) % 255;
  }
  // Start, a frame of 64 × 48 pixels in one component, a scan.
  bytes.set([
    0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 48, 0, 64, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0
  ]);
  bytes.set([0xff, 0xd9], length - 2);
  return bytes;
}
