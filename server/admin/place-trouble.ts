/** Why a place cannot be written: no room, or no right. */
export type PlaceTrouble = { readonly type: 'full' } | { readonly type: 'forbidden'; readonly code: string };

const full = /^(?:ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR_WRITE)$/;
// A folder on a read-only disk is told by Node as one that is not there.
const forbidden = /^(?:EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ENOENT)$/;

/** What an error tells of the place that was being written; undefined = it is about something else. */
export function placeTrouble(error: unknown): PlaceTrouble | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (full.test(code)) return { type: 'full' };
  return forbidden.test(code) ? { type: 'forbidden', code } : undefined;
}
