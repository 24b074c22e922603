import { holderWords } from './admin/holder-words.ts';
import { UnfinishedRestore } from './admin/restore.ts';
import { DataInUse, DataMoved } from './data-lock.ts';
import { StoreTrouble } from './files/s3-store.ts';
import { NotBuilt } from './http/site.ts';
import type { OperatorWords } from './words/index.ts';

/** What a person can put right when the server does not start; undefined for everything else, which is a bug. */
export function startProblem(
  error: unknown,
  config: {
    readonly port: number;
    readonly host: string;
    readonly dataFolder: string;
    readonly databaseUrl?: string | undefined;
    readonly demo?: boolean;
  },
  words: OperatorWords
): string | undefined {
  const { problem } = words;
  const { dataFolder: folder } = config;
  if (error instanceof DataInUse) {
    const holder = holderWords(error.holder, words);
    return config.demo === true ? problem.demoShown({ holder }) : problem.dataInUse({ folder, holder });
  }
  if (error instanceof UnfinishedRestore) return problem.restoreCutOff({ folder });
  if (error instanceof DataMoved) return problem.dataMoved({ folder });
  if (error instanceof NotBuilt) return problem.notBuilt({ folder: error.folder });
  if (error instanceof StoreTrouble)
    return error.did.type === 'refused' ? problem.storeRefuses(error.did) : problem.storeSilent(error.did);
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if ('syscall' in error && error.syscall === 'listen') return listenProblem(code, config, problem);
  return config.databaseUrl === undefined
    ? folderProblem(code, folder, problem)
    : postgresProblem(error, code, config.databaseUrl, problem);
}

type ProblemWords = OperatorWords['problem'];

function listenProblem(
  code: string,
  where: { readonly host: string; readonly port: number },
  words: ProblemWords
): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return words.portTaken(where);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return words.noSuchAddress(where);
    case 'EACCES':
      return words.portForbidden(where);
    default:
      return undefined;
  }
}

function folderProblem(code: string, folder: string, words: ProblemWords): string | undefined {
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
      return words.folderForbidden({ folder, code });
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return words.diskFull({ folder });
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return words.databaseDamaged({ folder, code });
    case 'SQLITE_BUSY':
      return words.databaseHeld({ folder });
    default:
      // What a full or a failing disk answers to a database that just begins.
      return code.startsWith('SQLITE_IOERR') ? words.diskFailing({ folder, code }) : undefined;
  }
}

function postgresProblem(
  error: Error,
  code: string,
  databaseUrl: string,
  words: ProblemWords
): string | undefined {
  const { hostname, port, username: user, pathname } = new URL(databaseUrl);
  const address = `${hostname}:${port || '5432'}`;
  const database = pathname.slice(1);
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return words.postgresSilent({ address, code });
    case '28P01':
    case '28000':
      return words.postgresRefuses({ user });
    case '3D000':
      return words.postgresHasNoDatabase({ database });
    case '42501':
      return words.postgresForbids({ user, database });
    default:
      return /timeout exceeded when trying to connect|timeout expired/.test(error.message)
        ? words.postgresSilent({ address, code: '' })
        : undefined;
  }
}
