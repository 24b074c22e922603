import { unreachable } from '#domain/result.ts';
import type { Config } from '#server/config.ts';
import { openFileStore } from '#server/files/open-store.ts';
import { centreId } from '#server/platform.ts';
import { migrateToPostgres, type MigrationFailure } from './migrate-to-postgres.ts';
import { tellProgress } from './progress.ts';
import type { Say } from './say.ts';

/** Copies the centre of the data folder into PostgreSQL. Returns the exit code. */
export async function migrateCentre(config: Config, say: Say): Promise<number> {
  const { databaseUrl, dataFolder } = config;
  if (databaseUrl === undefined) {
    say('Name the empty PostgreSQL by DATABASE_URL; the data are taken from ZIMNIK_DATA.');
    return 2;
  }
  const clock = (): number => Date.now();
  const result = await migrateToPostgres(
    dataFolder,
    databaseUrl,
    { centre: centreId, clock, store: openFileStore(config) },
    tellProgress(say, clock)
  );
  if (!result.ok) {
    say(problemWords(result.error, dataFolder));
    return 1;
  }
  const { operations, records, accounts } = result.value;
  say(`Copied and proved: ${operations} operations, ${records} records, ${accounts} accounts.`);
  say(
    'Start the server with the same DATABASE_URL now. Tablets, links, passwords and sign-ins stay as they are.'
  );
  say(`${dataFolder} stays as it was and is not served any more; keep it until a backup was made.`);
  return 0;
}

function problemWords(problem: MigrationFailure, folder: string): string {
  switch (problem.type) {
    case 'no_data':
      return `${folder} holds no data: set ZIMNIK_DATA.`;
    case 'in_use':
      return `A server works on ${folder} (${problem.holder}): stop it first. Nothing was changed.`;
    case 'target_in_use':
      return `Servers work on this PostgreSQL (${problem.holder}): stop them first. Nothing was changed.`;
    case 'not_empty':
      return 'This PostgreSQL holds a centre already: name an empty database. Nothing was changed.';
    case 'differs':
      return `The table ${problem.table} has ${problem.from} rows there and ${problem.to} here. Nothing was kept.`;
    case 'not_proved':
      return `The copy is there, but do not serve it: its records are not what its log tells. ${JSON.stringify(problem.findings.slice(0, 5))}`;
    default:
      return unreachable(problem);
  }
}
