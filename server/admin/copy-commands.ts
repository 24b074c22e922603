import { dirname, resolve } from 'node:path';
import { unreachable } from '#domain/result.ts';
import type { Config } from '#server/config.ts';
import type { OpenDatabases } from '#server/open-databases.ts';
import { openFileStore } from '#server/files/open-store.ts';
import { centreId, randomBytes } from '#server/platform.ts';
import { backupPostgres } from './backup-postgres.ts';
import { backup, type BackupFailure } from './backup.ts';
import { tellProgress } from './progress.ts';
import type { PlaceTrouble } from './place-trouble.ts';
import type { CopyDamage } from './prove-copy.ts';
import { restorePostgres } from './restore-postgres.ts';
import { restore, type RestoreFailure, type RestoreReport } from './restore.ts';
import { copyFolder, rotate } from './rotation.ts';
import { isForbidden, notReadable } from './readable.ts';
import type { Say } from './say.ts';

/** Makes a copy, in the folder of the scheduled ones unless another is named. Returns the exit code. */
export async function makeBackup(
  named: string | undefined,
  config: Config,
  { storage }: OpenDatabases,
  say: Say
): Promise<number> {
  const clock = (): number => Date.now();
  const { backups } = config;
  if (named === undefined && backups === undefined) {
    say('Name a new folder for the copy, or set ZIMNIK_BACKUP.');
    return 2;
  }
  const folder = named === undefined ? copyFolder(backups?.folder ?? '', clock()) : resolve(named);
  const live = { storage, centre: centreId, clock, store: openFileStore(config) };
  const result =
    config.databaseUrl === undefined
      ? await backup(config.dataFolder, folder, live, tellProgress(say, clock))
      : await backupPostgres(config.databaseUrl, folder, live, tellProgress(say, clock));
  if (!result.ok) {
    say(backupProblem(result.error, folder));
    return 1;
  }
  say(`Copied and proved: ${result.value.folder}, ${result.value.seq} operations.`);
  if (named === undefined && backups !== undefined) {
    const erased = await storage.readSnapshot((snapshot) => snapshot.erasedAfter(centreId, 0));
    const erasedAt = erased.map(({ at }) => at);
    const removed = rotate(backups.folder, backups.keep, erasedAt, clock());
    if (removed > 0) say(`Outdated copies removed: ${removed}.`);
  }
  return 0;
}

/** Puts a copy in the place of the data. Returns the exit code. */
export async function restoreCopy(folder: string, config: Config, say: Say): Promise<number> {
  const copy = resolve(folder);
  if (isForbidden(copy)) {
    say(notReadable(copy));
    return 1;
  }
  const clock = (): number => Date.now();
  const deps = { centre: centreId, random: randomBytes, clock, store: openFileStore(config) };
  const progress = tellProgress(say, clock);
  const result =
    config.databaseUrl === undefined
      ? await restore(copy, config.dataFolder, deps, progress)
      : await restorePostgres(
          copy,
          { url: config.databaseUrl, dataFolder: config.dataFolder },
          deps,
          progress
        );
  if (!result.ok) {
    say(restoreProblem(result.error, copy, config));
    return 1;
  }
  for (const line of restored(result.value)) say(line);
  return 0;
}

function restored({ madeAt, seq, seqBefore, movedTo }: RestoreReport): readonly string[] {
  const later = seqBefore === undefined ? undefined : Math.max(0, seqBefore - seq);
  return [
    `Restored and proved: the copy of ${new Date(madeAt).toISOString()}, ${seq} operations.`,
    ...(movedTo === undefined
      ? []
      : [`What was there before lies in ${movedTo}; delete it when all is well.`]),
    ...(later === undefined ? [] : [`It held ${later} later operations.`]),
    'Start the server now. Tablets and browsers offer again by themselves what they have kept since the copy, as soon',
    'as they connect; the page «Планшеты» shows who was there. Accounts, passwords and tablets that were connected',
    'since the copy have to be made again.'
  ];
}

function backupProblem(problem: BackupFailure, folder: string): string {
  switch (problem.type) {
    case 'not_empty':
      return `${folder} is there already: name a new folder.`;
    case 'nothing_to_copy':
      return 'There is no data yet.';
    case 'no_tool':
      return `PostgreSQL's own program failed: ${problem.says}`;
    case 'no_place':
      return `${placeWords(problem.trouble, dirname(folder))} No copy was made; the centre goes on as before.`;
    case 'damaged':
      return `No copy was made: in the working data ${damage(problem)} Keep a copy of that folder, then: npm run -s zimnik -- restore <backup>`;
    case 'not_proved':
      return `No copy was kept for a restore. ${damage(problem)} All of it: npm run -s zimnik -- verify`;
    default:
      return unreachable(problem);
  }
}

function restoreProblem(problem: RestoreFailure, copy: string, config: Config): string {
  switch (problem.type) {
    case 'no_copy':
      return `${copy} holds no whole copy: name the folder that «zimnik backup» has made.`;
    case 'other_kind':
      return config.databaseUrl === undefined
        ? `${copy} is a dump of PostgreSQL: set DATABASE_URL.`
        : `${copy} is a copy of the embedded database: unset DATABASE_URL.`;
    case 'in_use':
      return `A server works on these data (${problem.holder}): stop it first. Nothing was changed.`;
    case 'no_tool':
      return `PostgreSQL's own program failed, nothing was changed: ${problem.says}`;
    case 'no_place':
      return `${placeWords(problem.trouble, config.dataFolder)} Nothing was changed: run the same restore again then.`;
    case 'damaged':
      return `Nothing was changed. In ${copy} ${damage(problem)} Take an older copy.`;
    case 'not_proved':
      return config.databaseUrl === undefined
        ? `Nothing was changed. ${damage(problem)}`
        : `The dump is restored, but do not serve it. ${damage(problem)}`;
    default:
      return unreachable(problem);
  }
}

/** SQLite lists every page that is broken: the first lines tell enough. */
const damageLines = 3;

function damage(problem: CopyDamage): string {
  if (problem.type === 'not_proved')
    return `Its records are not what its log tells: ${JSON.stringify(problem.findings.slice(0, 5))}.`;
  const lines = problem.says.split('\n');
  const more = lines.length - damageLines;
  return `${problem.file} is damaged: ${lines.slice(0, damageLines).join('; ')}${more > 0 ? ` and ${more} more lines like these` : ''}.`;
}

function placeWords(trouble: PlaceTrouble, folder: string): string {
  return trouble.type === 'full'
    ? `The disk of ${folder} is full: free some space there, or name another disk.`
    : `Not allowed to write into ${folder} (${trouble.code}): give it to the user that runs this, or name another folder.`;
}
