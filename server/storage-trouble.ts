/** Codes of SQLite, by their beginning: full or failing disk, no right to write, a lock that another program keeps. */
const sqlite = /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN|BUSY|PROTOCOL|LOCKED)/;
/** Classes of PostgreSQL's codes: connection, resources, limits, shut down by somebody, system; and a read-only server. */
const postgres = /^(?:08|53|54|57|58)[0-9A-Z]{3}$|^25006$/;
const network =
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENOSPC|EROFS|ESTORE)$/;

/**
 * The code of an error that tells that the database cannot be reached or written now: a matter of the machine, which
 * passes, not of the request. undefined = another error.
 */
export function storageTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (sqlite.test(code) || postgres.test(code) || network.test(code)) return code;
  // What the pool of connections says in words alone.
  if (/^Connection terminated|^timeout exceeded when trying to connect/.test(error.message))
    return 'no_connection';
  return storageTrouble(error.cause);
}
