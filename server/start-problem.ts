import { UnfinishedRestore } from './admin/restore.ts';
import { DataInUse, DataMoved } from './data-lock.ts';
import { StoreTrouble } from './files/s3-store.ts';

/** What a person can put right when the server does not start; undefined for everything else, which is a bug. */
export function startProblem(
  error: unknown,
  config: {
    readonly port: number;
    readonly host: string;
    readonly dataFolder: string;
    readonly databaseUrl?: string | undefined;
    readonly demo?: boolean;
  }
): string | undefined {
  if (error instanceof DataInUse && config.demo === true)
    return `The demonstration is already shown (${error.holder}): open its links, or end it there with Ctrl-C.`;
  if (error instanceof DataInUse)
    return `Another server works on ${config.dataFolder} (${error.holder || 'its process is unknown'}): stop it first, or set another ZIMNIK_DATA.`;
  if (error instanceof UnfinishedRestore)
    return `A restore into ${config.dataFolder} was cut off. Run it again: npm run -s zimnik -- restore <backup>`;
  if (error instanceof DataMoved)
    return `The data of ${config.dataFolder} were moved into PostgreSQL: set DATABASE_URL. Served here once more they would become a second history. For a new centre set another ZIMNIK_DATA.`;
  if (error instanceof StoreTrouble)
    return `Photos cannot be reached (${error.message}): see ZIMNIK_S3_URL and the four settings beside it.`;
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if ('syscall' in error && error.syscall === 'listen') return listenProblem(code, config);
  return config.databaseUrl === undefined
    ? folderProblem(code, config.dataFolder)
    : postgresProblem(error, code, config.databaseUrl);
}

function listenProblem(
  code: string,
  { host, port }: { readonly host: string; readonly port: number }
): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program: stop it or set another PORT.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `ZIMNIK_HOST ${host} is no address of this machine.`;
    case 'EACCES':
      return `Not allowed to listen on port ${port}: set a PORT above 1023 and let a proxy take the well-known one.`;
    default:
      return undefined;
  }
}

function folderProblem(code: string, folder: string): string | undefined {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_READONLY_DIRECTORY':
    case 'SQLITE_READONLY_DBMOVED':
      return `Not allowed to write into ${folder} (${code}): give it to the user that runs the server, or set ZIMNIK_DATA.`;
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return `The disk of ${folder} is full: free some space and start again. Nothing was lost.`;
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return `A database in ${folder} is damaged (${code}). Keep a copy of the folder, then: npm run -s zimnik -- restore <backup>`;
    case 'SQLITE_BUSY':
      return `Another program holds a database in ${folder}: end it and start again.`;
    default:
      // What a full or a failing disk answers to a database that just begins.
      return code.startsWith('SQLITE_IOERR')
        ? `The disk of ${folder} is full or failing (${code}): look at its free space and start again.`
        : undefined;
  }
}

function postgresProblem(error: Error, code: string, databaseUrl: string): string | undefined {
  const { hostname, port, username, pathname } = new URL(databaseUrl);
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return `PostgreSQL does not answer at ${hostname}:${port || '5432'} (${code}): see DATABASE_URL.`;
    case '28P01':
    case '28000':
      return `PostgreSQL refuses the user ${username} or its password: see DATABASE_URL.`;
    case '3D000':
      return `PostgreSQL has no database ${pathname.slice(1)}: make it with createdb, or see DATABASE_URL.`;
    case '42501':
      return `PostgreSQL does not let ${username} make tables in ${pathname.slice(1)}: GRANT CREATE ON SCHEMA public.`;
    default:
      return /timeout exceeded when trying to connect|timeout expired/.test(error.message)
        ? `PostgreSQL does not answer at ${hostname}:${port || '5432'}: see DATABASE_URL.`
        : undefined;
  }
}
