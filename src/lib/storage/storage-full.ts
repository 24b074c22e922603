/** Whether the browser refused to store for want of space; Dexie hands the browser's own error on as `inner`. */
export function isStorageFull(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('name' in error && error.name === 'QuotaExceededError') return true;
  return 'inner' in error && isStorageFull(error.inner);
}
