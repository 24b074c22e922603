import { unreachable } from '#domain/result.ts';
import type { Config } from '#server/config.ts';
import { openFileStore } from '#server/files/open-store.ts';
import { centreId } from '#server/platform.ts';
import type { OperatorWords } from '#server/words/index.ts';
import { migrateToPostgres, type MigrationFailure } from './migrate-to-postgres.ts';
import { tellProgress } from './progress.ts';
import { holderWords } from './holder-words.ts';
import type { Terminal } from './terminal.ts';

/** Copies the centre of the data folder into PostgreSQL. Returns the exit code. */
export async function migrateCentre(config: Config, terminal: Terminal): Promise<number> {
  const { databaseUrl, dataFolder } = config;
  const { say, words } = terminal;
  if (databaseUrl === undefined) {
    say(words.migrate.nameDatabase);
    return 2;
  }
  const clock = (): number => Date.now();
  const result = await migrateToPostgres(
    dataFolder,
    databaseUrl,
    { centre: centreId, clock, store: openFileStore(config) },
    tellProgress(terminal, clock)
  );
  if (!result.ok) {
    say(problemWords(result.error, dataFolder, words));
    return 1;
  }
  const { operations, records, accounts } = result.value;
  say(words.migrate.done({ operationCount: operations, recordCount: records, accountCount: accounts }));
  say(words.migrate.next({ folder: dataFolder }));
  return 0;
}

function problemWords(problem: MigrationFailure, folder: string, words: OperatorWords): string {
  const { migrate } = words;
  switch (problem.type) {
    case 'no_data':
      return migrate.noData({ folder });
    case 'in_use':
      return migrate.inUse({ folder, holder: holderWords(problem.holder, words) });
    case 'target_in_use':
      return migrate.targetInUse({ holder: holderWords(problem.holder, words) });
    case 'not_empty':
      return migrate.notEmpty;
    case 'differs':
      return migrate.differs(problem);
    case 'not_proved':
      return migrate.notProved({ findings: JSON.stringify(problem.findings.slice(0, 5)) });
    default:
      return unreachable(problem);
  }
}
