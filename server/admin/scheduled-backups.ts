import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { BackupPlan } from '#server/config.ts';
import { copiesIn } from './rotation.ts';

/** The copies that a server makes by itself, for whoever watches it. */
export interface ScheduledBackups {
  /** Makes the first one when it is due, and looks again from time to time. */
  start(): void;
  /** UTC ms of the newest whole copy. */
  newestAt(): number | undefined;
  /** Copies that did not come about since the start. */
  readonly failed: number;
  /** Ends a copy that is being made; what there is of it is removed by the next one. */
  stop(): Promise<void>;
}

interface Deps {
  readonly clock: () => number;
  /** Makes one copy and removes outdated ones; a rejection tells why not. */
  readonly make: (signal: AbortSignal) => Promise<void>;
  readonly report: (error: unknown) => void;
  readonly onMade: () => void;
}

/** A laptop sleeps and a clock is set: what is due is looked at again and again instead of being counted out once, ms. */
const lookMs = 10 * 60_000;
/** After a copy that did not come about. */
const retryMs = 60 * 60_000;

/** Makes a copy whenever the newest one is older than the plan allows. */
export function scheduleBackups(plan: BackupPlan, deps: Deps): ScheduledBackups {
  const ending = new AbortController();
  let failed = 0;
  let notBefore = 0;
  let running = Promise.resolve();
  let isRunning = false;

  const makeOne = async (): Promise<void> => {
    isRunning = true;
    try {
      await deps.make(ending.signal);
      deps.onMade();
    } catch (error) {
      if (ending.signal.aborted) return;
      failed++;
      notBefore = deps.clock() + retryMs;
      deps.report(error);
    } finally {
      isRunning = false;
    }
  };
  const look = (): void => {
    const newest = copiesIn(plan.folder)[0]?.at ?? -Infinity;
    const now = deps.clock();
    if (isRunning || now < notBefore || now - newest < plan.everyMs) return;
    running = makeOne();
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    start: () => {
      timer = setInterval(look, lookMs);
      timer.unref();
      look();
    },
    newestAt: () => copiesIn(plan.folder)[0]?.at,
    get failed() {
      return failed;
    },
    stop: async () => {
      clearInterval(timer);
      ending.abort();
      await running;
    }
  };
}

/**
 * Makes a copy by the command line of this very program, in a process of its own: replaying a winter's log would hold up
 * everybody who exchanges meanwhile.
 */
export async function backupInOwnProcess(signal: AbortSignal): Promise<void> {
  const [, program = ''] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, program, 'backup'], {
    // What it says goes into the log, which is English.
    env: { ...process.env, ZIMNIK_LANGUAGE: 'en' },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  const end = (): void => {
    child.kill('SIGTERM');
  };
  signal.addEventListener('abort', end);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-2_000)));
  const [code] = (await once(child, 'close')) as [number | null];
  signal.removeEventListener('abort', end);
  if (code !== 0) throw new Error(`the copy did not come about: ${printed.trim()}`);
}
