/** A phone has no sheets: nothing is ever sent to it ahead. Stands in place of `$lib/storage/receive-ahead.ts`. */
export function receiveAhead(): Promise<void> {
  return Promise.resolve();
}
