import { fileURLToPath } from 'node:url';
import { unreachable } from '#domain/result.ts';
import { parseCommand, usage } from './admin/command.ts';
import { runCommand } from './admin/run-command.ts';
import { describeConfig, readConfig, type Config } from './config.ts';
import { createLog } from './log.ts';
import { startProblem } from './start-problem.ts';
import { startServer } from './start-server.ts';
import { welcome } from './welcome.ts';
import { languageOf, operatorWords } from './words/index.ts';

/** Both `server/main.ts` and the bundle `dist/server.js` lie one folder below the project. */
const root = fileURLToPath(new URL('..', import.meta.url));
const words = operatorWords[languageOf(process.env)];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const command = parseCommand(process.argv.slice(2));
  if (!command.ok) {
    const given = process.argv.slice(2).join(' ');
    say(`${words.usage.commands}\n${words.usage.notCommand({ given })}`);
    return 2;
  }
  if (command.value.type === 'help') {
    say(usage(words));
    return 0;
  }
  const config = readConfig(process.env);
  if (!config.ok) {
    const { serverDoesNotStart, nothingIsDone, next } = words.wrongSettings;
    say(command.value.type === 'serve' ? serverDoesNotStart : nothingIsDone);
    for (const { name, says } of config.error) say(`  ${name}: ${says}`);
    say(next);
    return 2;
  }
  switch (command.value.type) {
    case 'serve':
      if (command.value.fresh && !config.value.demo) {
        say(words.usage.freshOnlyInDemo);
        return 2;
      }
      return serve(config.value, command.value.fresh);
    case 'reset_password':
    case 'change_role':
    case 'backup':
    case 'restore':
    case 'verify':
    case 'migrate':
      return runCommand(command.value, config.value, { say, words }).catch((error: unknown) => {
        const problem = startProblem(error, config.value, words);
        if (problem === undefined) throw error;
        say(problem);
        return 1;
      });
    default:
      return unreachable(command.value);
  }
}

/** Runs until a signal asks it to stop. */
async function serve(config: Config, fresh: boolean): Promise<number> {
  if (config.demo) say(words.start.preparingDemo);
  else say(`${words.start.settingsInForce}\n${describeConfig(process.env, config)}\n`);
  const server = await startServer(config, {
    root,
    log: createLog(config.logLevel),
    clock: () => Date.now(),
    fresh
  }).catch((error: unknown) => {
    const problem = startProblem(error, config, words);
    if (problem === undefined) throw error;
    say(problem);
    return undefined;
  });
  if (server === undefined) return 1;
  say(await welcome(config, server, words));
  await new Promise<void>((asked) => {
    // The listeners stay: a manager of services sends the same signal to the whole group of processes, and the parent
    // passes it on once more; the second one must not cut the farewell short.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        asked();
      });
    }
  });
  await server.stop();
  say(words.start.stopped);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(words.problem.unexpected);
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  }
);
