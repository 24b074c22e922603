import { fileURLToPath } from 'node:url';
import { unreachable } from '#domain/result.ts';
import { commands, parseCommand, usage } from './admin/command.ts';
import { runCommand } from './admin/run-command.ts';
import { describeConfig, readConfig, type Config } from './config.ts';
import { createLog } from './log.ts';
import { startProblem } from './start-problem.ts';
import { startServer } from './start-server.ts';
import { welcome } from './welcome.ts';

/** Both `server/main.ts` and the bundle `dist/server.js` lie one folder below the project. */
const root = fileURLToPath(new URL('..', import.meta.url));

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const command = parseCommand(process.argv.slice(2));
  if (!command.ok) {
    say(`${commands}\nNot a command: ${process.argv.slice(2).join(' ')}`);
    return 2;
  }
  if (command.value.type === 'help') {
    say(usage);
    return 0;
  }
  const config = readConfig(process.env);
  if (!config.ok) {
    say(
      `${command.value.type === 'serve' ? 'The server does not start' : 'Nothing is done'} with these settings:`
    );
    for (const { name, says } of config.error) say(`  ${name} ${says}`);
    say('Every variable is explained by: npm run -s zimnik -- --help');
    return 2;
  }
  switch (command.value.type) {
    case 'serve':
      if (command.value.fresh && !config.value.demo) {
        say('--fresh is for the demonstration only: a centre keeps its data.');
        return 2;
      }
      return serve(config.value, command.value.fresh);
    case 'reset_password':
    case 'change_role':
    case 'backup':
    case 'restore':
    case 'verify':
    case 'migrate':
      return runCommand(command.value, config.value, say).catch((error: unknown) => {
        const problem = startProblem(error, config.value);
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
  if (config.demo) say('Preparing the demonstration…');
  else
    say(
      `Settings in force (npm run -s zimnik -- --help explains them):\n${describeConfig(process.env, config)}\n`
    );
  const server = await startServer(config, {
    root,
    log: createLog(config.logLevel),
    clock: () => Date.now(),
    fresh
  }).catch((error: unknown) => {
    const problem = startProblem(error, config);
    if (problem === undefined) throw error;
    say(problem);
    return undefined;
  });
  if (server === undefined) return 1;
  say(await welcome(config, server));
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
  say('Stopped.');
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  }
);
