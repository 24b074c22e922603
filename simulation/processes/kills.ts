import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, weighted, type Random } from '#simulation/random.ts';
import type { Crew } from './crew.ts';
import { Home } from './home.ts';
import { Findings, middle, seconds, type Outcome, type Say } from './outcome.ts';
import type { Moment } from './request-watch.ts';

/** So many kills share one data folder; then everything has to arrive and the log is proved. */
const killsOfARound = 25;
/** A server that nobody asks anything is killed all the same, ms. */
const longestWaitMs = 3_000;

/** `kill -9` of the server again and again in the middle of pushes, over bad links. */
export async function killedServer(kills: number, seed: number, say: Say): Promise<Outcome> {
  const findings = new Findings();
  for (let done = 0; done < kills; done += killsOfARound) {
    const count = Math.min(killsOfARound, kills - done);
    await round(count, seed + done / killsOfARound, findings, say);
  }
  return findings;
}

async function round(kills: number, seed: number, findings: Findings, say: Say): Promise<void> {
  const startedAt = performance.now();
  const random = createRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'zimnik-kills-'));
  const home = await Home.open({ folder, tablets: 4, random });
  const { crew } = home;
  const moments: Record<Moment, number> = { idle: 0, sending: 0, working: 0, answering: 0 };
  try {
    crew.begin();
    for (let kill = 1; kill <= kills; kill++) {
      await momentOfKill(crew, random);
      moments[crew.moment()] += 1;
      await home.server.stop('SIGKILL');
      await home.start();
      findings.note(`seed ${seed}, kill ${kill}`, await home.lostPromises());
    }
    await home.finish(findings, `seed ${seed}`);
    say(
      `seed ${seed}: ${kills} kills (${moments.sending} while a request came in, ${moments.working} while the server worked on one, ` +
        `${moments.answering} while an answer went out, ${moments.idle} between); ${crew.told()}; ` +
        `ready again after ${Math.round(middle(home.readyMs))} ms; ${seconds(startedAt)} s`
    );
  } finally {
    await home.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Most kills meet a server that has just got a whole request: between that and the answer lies the commit. */
export async function momentOfKill(crew: Crew, random: Random): Promise<void> {
  const plan = weighted(random, [
    [55, 'working'],
    [15, 'sending'],
    [10, 'answering'],
    [15, 'any'],
    [5, 'at_once']
  ] as const);
  switch (plan) {
    case 'working':
      await crew.reached('working', longestWaitMs);
      await pause(random.below(40));
      break;
    case 'sending':
    case 'answering':
      await crew.reached(plan, longestWaitMs);
      await pause(random.below(5));
      break;
    case 'any':
      await pause(random.below(1_500));
      break;
    case 'at_once':
      break;
  }
}
