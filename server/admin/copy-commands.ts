import { dirname, resolve } from 'node:path';
import { unreachable } from '#domain/result.ts';
import type { Config } from '#server/config.ts';
import type { OpenDatabases } from '#server/open-databases.ts';
import { openFileStore } from '#server/files/open-store.ts';
import { centreId, randomBytes } from '#server/platform.ts';
import type { OperatorWords } from '#server/words/index.ts';
import { backupPostgres } from './backup-postgres.ts';
import { backup, type BackupFailure } from './backup.ts';
import { tellProgress } from './progress.ts';
import type { PlaceTrouble } from './place-trouble.ts';
import type { CopyDamage } from './prove-copy.ts';
import { restorePostgres } from './restore-postgres.ts';
import { restore, type RestoreFailure, type RestoreReport } from './restore.ts';
import { copyFolder, rotate } from './rotation.ts';
import { holderWords } from './holder-words.ts';
import { isForbidden } from './readable.ts';
import type { ToolTrouble } from './run-tool.ts';
import type { Terminal } from './terminal.ts';

/** Makes a copy, in the folder of the scheduled ones unless another is named. Returns the exit code. */
export async function makeBackup(
  named: string | undefined,
  config: Config,
  { storage }: OpenDatabases,
  terminal: Terminal
): Promise<number> {
  const { say, words } = terminal;
  const clock = (): number => Date.now();
  const { backups } = config;
  if (named === undefined && backups === undefined) {
    say(words.backup.nameFolder);
    return 2;
  }
  const folder = named === undefined ? copyFolder(backups?.folder ?? '', clock()) : resolve(named);
  const live = { storage, centre: centreId, clock, store: openFileStore(config) };
  const result =
    config.databaseUrl === undefined
      ? await backup(config.dataFolder, folder, live, tellProgress(terminal, clock))
      : await backupPostgres(config.databaseUrl, folder, live, tellProgress(terminal, clock));
  if (!result.ok) {
    say(backupProblem(result.error, folder, words));
    return 1;
  }
  say(words.backup.made({ folder: result.value.folder, count: result.value.seq }));
  if (named === undefined && backups !== undefined) {
    const erased = await storage.readSnapshot((snapshot) => snapshot.erasedAfter(centreId, 0));
    const erasedAt = erased.map(({ at }) => at);
    const removed = rotate(backups.folder, backups.keep, erasedAt, clock());
    if (removed > 0) say(words.backup.outdatedRemoved({ count: removed }));
  }
  return 0;
}

/** Puts a copy in the place of the data. Returns the exit code. */
export async function restoreCopy(folder: string, config: Config, terminal: Terminal): Promise<number> {
  const { say, words } = terminal;
  const copy = resolve(folder);
  if (isForbidden(copy)) {
    say(words.place.notReadable({ folder: copy }));
    return 1;
  }
  const clock = (): number => Date.now();
  const deps = { centre: centreId, random: randomBytes, clock, store: openFileStore(config) };
  const progress = tellProgress(terminal, clock);
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
    say(restoreProblem(result.error, copy, config, words));
    return 1;
  }
  for (const line of restored(result.value, words.restore)) say(line);
  return 0;
}

function restored(
  { madeAt, seq, seqBefore, movedTo }: RestoreReport,
  words: OperatorWords['restore']
): readonly string[] {
  return [
    words.done({ madeAt, count: seq }),
    ...(movedTo === undefined ? [] : [words.movedTo({ folder: movedTo })]),
    ...(seqBefore === undefined ? [] : [words.later({ count: Math.max(0, seqBefore - seq) })]),
    words.next
  ];
}

function backupProblem(problem: BackupFailure, folder: string, words: OperatorWords): string {
  const { backup: said } = words;
  switch (problem.type) {
    case 'not_empty':
      return said.folderTaken({ folder });
    case 'nothing_to_copy':
      return said.nothingToCopy;
    case 'no_tool':
      return said.notMade({ why: toolWords(problem.trouble, words) });
    case 'no_place':
      return said.notMade({ why: placeWords(problem.trouble, dirname(folder), words) });
    case 'damaged':
    case 'no_centre':
      return said.dataDamaged({ damage: damageWords(problem, words) });
    case 'not_proved':
      return said.notProved({ damage: damageWords(problem, words) });
    default:
      return unreachable(problem);
  }
}

function restoreProblem(problem: RestoreFailure, copy: string, config: Config, words: OperatorWords): string {
  const { restore: said } = words;
  switch (problem.type) {
    case 'no_copy':
      return said.noCopy({ copy });
    case 'other_kind':
      return config.databaseUrl === undefined ? said.isPostgres({ copy }) : said.isEmbedded({ copy });
    case 'in_use':
      return said.inUse({ holder: holderWords(problem.holder, words) });
    case 'no_tool':
      return said.toolFailed({ why: toolWords(problem.trouble, words) });
    case 'no_place':
      return said.notDone({ why: placeWords(problem.trouble, config.dataFolder, words) });
    case 'damaged':
    case 'no_centre':
      return said.copyDamaged({ copy, damage: damageWords(problem, words) });
    case 'not_proved': {
      const damage = damageWords(problem, words);
      return config.databaseUrl === undefined
        ? said.copyDamaged({ copy, damage })
        : said.dumpNotProved({ damage });
    }
    default:
      return unreachable(problem);
  }
}

/** SQLite lists every page that is broken: the first lines tell enough. */
const damageLines = 3;

function damageWords(problem: CopyDamage, { damage: said }: OperatorWords): string {
  switch (problem.type) {
    case 'not_proved':
      return said.recordsDiffer({ findings: JSON.stringify(problem.findings.slice(0, 5)) });
    case 'no_centre':
      return said.noCentre(problem);
    case 'damaged': {
      const lines = problem.says.split('\n');
      const says = lines.slice(0, damageLines).join('; ');
      return said.file({ file: problem.file, says, more: lines.length - damageLines });
    }
    default:
      return unreachable(problem);
  }
}

function placeWords(trouble: PlaceTrouble, folder: string, { place: said }: OperatorWords): string {
  return trouble.type === 'full' ? said.full({ folder }) : said.forbidden({ folder, code: trouble.code });
}

function toolWords(trouble: ToolTrouble, { tool: said }: OperatorWords): string {
  if (trouble.type === 'missing') return said.missing(trouble);
  const { program, says, code } = trouble;
  return said.failed({ program, says: says === '' ? said.code({ code: code ?? -1 }) : says });
}
