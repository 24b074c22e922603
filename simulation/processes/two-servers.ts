import { setTimeout as pause } from 'node:timers/promises';
import { removeData, startServer, zimnik, type RunningServer } from '#e2e/server.ts';
import { startPostgres } from '#scripts/postgres.mjs';
import { openPostgresStorage } from '#server/storage/postgres-storage.ts';
import { createRandom, weighted, type Random } from '#simulation/random.ts';
import { Crew, credentialsOf } from './crew.ts';
import { enrolTablets } from './enrol.ts';
import { momentOfKill } from './kills.ts';
import { lostPromises, wrongAtTheEnd } from './oracle.ts';
import { Findings, seconds, type Outcome, type Say } from './outcome.ts';

type Blow = 'one_killed' | 'both_killed' | 'postgres_restarted' | 'postgres_crashed';

/**
 * Two server processes over one PostgreSQL, reached by one address that gives connections to both in turn. One of them or
 * both are killed in the middle of pushes, and PostgreSQL itself is restarted or crashes under them.
 */
export async function twoServers(blows: number, seed: number, say: Say): Promise<Outcome> {
  const findings = new Findings();
  const startedAt = performance.now();
  const random = createRandom(seed);
  const postgres = await startPostgres({ durable: true });
  const storage = await openPostgresStorage({ url: postgres.url, readers: 2 });
  const credentials = credentialsOf(4);
  await enrolTablets(storage, credentials);
  const env = { ZIMNIK_LOG_LEVEL: 'error', DATABASE_URL: postgres.url };
  const servers = [await startServer({ mode: 'fresh', env }), await startServer({ mode: 'fresh', env })];
  const again = async (index: number): Promise<void> => {
    const { port, dataDirectory } = serverAt(servers, index);
    servers[index] = await startServer({ mode: 'fresh', env, port, dataDirectory });
  };
  let turn = 0;
  const crew = await Crew.open(credentials, () => serverAt(servers, (turn += 1) % 2).port, random);
  const checked = new Map<string, number>();
  const done: Record<Blow, number> = {
    one_killed: 0,
    both_killed: 0,
    postgres_restarted: 0,
    postgres_crashed: 0
  };
  try {
    crew.begin();
    for (let blow = 1; blow <= blows; blow++) {
      await momentOfKill(crew, random);
      const what = drawBlow(random);
      done[what] += 1;
      if (what === 'postgres_restarted' || what === 'postgres_crashed') {
        await postgres.end(what === 'postgres_crashed' ? 'SIGQUIT' : 'SIGINT');
        await pause(random.below(1_500));
        await postgres.begin();
        for (const server of servers)
          findings.note(`${what} ${blow}`, (await takesData(server)) ? [] : [`a server did not recover`]);
      } else {
        const killed = what === 'both_killed' ? [0, 1] : [random.below(2)];
        for (const index of killed) await serverAt(servers, index).stop('SIGKILL');
        await pause(random.below(500));
        for (const index of killed) await again(index);
      }
      findings.note(`${what} ${blow}`, await lostPromises(storage, crew.tablets, checked));
    }
    await crew.heal();
    for (const server of servers) await server.stop();
    const proved = await zimnik(['verify'], env);
    findings.note('two servers, verify', proved.code === 0 ? [] : [proved.printed]);
    findings.note('two servers, last promises', await lostPromises(storage, crew.tablets, checked));
    findings.note('two servers, the end', await wrongAtTheEnd(storage, crew.tablets));
    say(
      `one of two processes killed ${done.one_killed} times, both ${done.both_killed}, PostgreSQL restarted ` +
        `${done.postgres_restarted} times and crashed ${done.postgres_crashed} times; ${crew.told()}; ${seconds(startedAt)} s`
    );
  } finally {
    await crew.close();
    for (const server of servers) {
      await server.stop();
      await removeData(server);
    }
    await storage.close();
    await postgres.stop();
  }
  return findings;
}

function drawBlow(random: Random): Blow {
  return weighted(random, [
    [60, 'one_killed'],
    [10, 'both_killed'],
    [15, 'postgres_restarted'],
    [15, 'postgres_crashed']
  ] as const);
}

function serverAt(servers: readonly RunningServer[], index: number): RunningServer {
  const server = servers[index];
  if (server === undefined) throw new Error('There are two servers');
  return server;
}

/** Whether a server takes data again within 30 s. */
async function takesData(server: RunningServer): Promise<boolean> {
  const giveUpAt = performance.now() + 30_000;
  while (performance.now() < giveUpAt) {
    const answer = await fetch(`${server.url}/readyz`).catch(() => undefined);
    await answer?.text();
    if (answer?.ok === true) return true;
    await pause(50);
  }
  return false;
}
