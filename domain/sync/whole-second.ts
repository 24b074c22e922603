/** UTC ms cut down to the second: what nobody reads to the millisecond need not travel so. */
export function wholeSecond(at: number): number {
  return Math.floor(at / 1_000) * 1_000;
}
