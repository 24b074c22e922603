import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What is erased for ever, in a data folder and in a copy; `erasure-ledger.ts` reads and writes it. */
export const ledgerName = 'erased.jsonl';

/** What a data folder holds. */
export function dataFiles(folder: string) {
  return {
    /** The log and the records. */
    centre: join(folder, 'centre.sqlite'),
    /** People of the office and their sessions. */
    accounts: join(folder, 'accounts.sqlite'),
    /** Signs the cookies; only this server's user may read it. */
    secret: join(folder, 'secret'),
    /** Pictures, each named by the sha-256 of its bytes. */
    files: join(folder, 'files'),
    /** What is erased for ever; only added to, also by a restore. */
    erased: join(folder, ledgerName),
    /** Links of the demonstration, so that they stay the same from start to start. */
    demoKeys: join(folder, 'demo-keys.json'),
    /** Locked by the process that serves these data. */
    lock: join(folder, 'lock'),
    /** What that process tells about itself. */
    holder: join(folder, 'serving'),
    /** These data were moved into PostgreSQL and are not to be served again. */
    moved: join(folder, 'moved'),
    /** A copy on its way to the place of the databases. */
    staging: join(folder, 'restoring')
  };
}

/** Makes the data folder, closed to other users of the machine. */
export function ensureDataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * Removes both databases of a closed data folder with what SQLite keeps beside them, and the pictures; secrets stay. For
 * the demonstration, whose invented people come again under the same ids: nobody is erased there for ever.
 */
export function removeDatabases(folder: string): void {
  const { centre, accounts, erased, files } = dataFiles(folder);
  rmSync(erased, { force: true });
  rmSync(files, { recursive: true, force: true });
  for (const file of [centre, accounts])
    for (const beside of ['', '-wal', '-shm']) rmSync(`${file}${beside}`, { force: true });
}

/** The demonstration's links become others. */
export function removeDemoKeys(folder: string): void {
  rmSync(dataFiles(folder).demoKeys, { force: true });
}
