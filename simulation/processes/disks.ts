import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, type Random } from '#simulation/random.ts';
import { Home } from './home.ts';
import { momentOfKill } from './kills.ts';
import { Findings, seconds, type Outcome, type Say } from './outcome.ts';

const tablets = 3;

/** The disk fills up in the middle of pushes, half of the times the server is killed then, and room is made again. */
export async function fullDisk(times: number, seed: number, say: Say): Promise<Outcome> {
  const findings = new Findings();
  const startedAt = performance.now();
  const random = createRandom(seed);
  await withSmallDisk(async (disk) => {
    const folder = join(disk, 'data');
    mkdirSync(folder);
    const home = await Home.open({ folder, tablets, random });
    const ends = { refused: 0, started: 0 };
    try {
      home.crew.begin();
      for (let time = 1; time <= times; time++) {
        const what = `full disk ${time}`;
        await pause(random.below(1_000));
        fill(disk, random.below(40_000));
        const wrong: string[] = [];
        if (!(await home.waitForSlowDown())) wrong.push('no tablet was asked to come later');
        // What a push did not get a small write may still get: now there is nothing left for either.
        fill(disk, 0);
        if (!(await home.saysHowItIs())) wrong.push('the server says that it is ready, and takes nothing');
        if ((await home.status('/healthz')) !== 200) wrong.push('the server does not answer');
        findings.note(what, wrong);
        if (time % 2 === 0) ends[await killWithoutRoom(home, findings, what)] += 1;
        for (const name of readdirSync(disk).filter((one) => one.startsWith('ballast')))
          rmSync(join(disk, name));
        if ((await home.status('/healthz')) === 0) await home.start();
        findings.note(what, (await home.waitForStatus('/readyz', 200)) ? [] : ['it did not recover']);
        findings.note(what, await home.lostPromises());
      }
      await home.finish(findings, 'full disk');
      say(
        `a tmpfs of 24 MB filled up ${times} times; killed while full it started again ${ends.started} times and said why not ` +
          `${ends.refused} times; ${home.crew.told()}; ${seconds(startedAt)} s`
      );
    } finally {
      await home.close();
    }
  });
  return findings;
}

/** What is killed on a full disk either starts again or says what the person has to do. */
async function killWithoutRoom(home: Home, findings: Findings, what: string): Promise<'refused' | 'started'> {
  await home.server.stop('SIGKILL');
  try {
    await home.start('/healthz');
    return 'started';
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    findings.note(
      what,
      /The disk of .* is full/.test(said) ? [] : [`killed on the full disk it says: ${said}`]
    );
    return 'refused';
  }
}

/** The disk becomes read-only under a working server, and a server is started over a read-only disk. */
export async function readOnlyDisk(times: number, seed: number, say: Say): Promise<Outcome> {
  const findings = new Findings();
  const startedAt = performance.now();
  const random = createRandom(seed);
  await withSmallDisk((disk) =>
    withTrouble(async (trouble, env) => {
      const folder = join(disk, 'data');
      mkdirSync(folder);
      const home = await Home.open({ folder, tablets, random, env });
      try {
        home.crew.begin();
        for (let time = 1; time <= times; time++) {
          const what = `read-only ${time}`;
          await pause(random.below(1_000));
          trouble('readonly');
          const wrong: string[] = [];
          if (!(await home.waitForSlowDown())) wrong.push('no tablet was asked to come later');
          if (!(await home.waitForStatus('/readyz', 503))) wrong.push('the server says that it is ready');
          if ((await home.status('/healthz')) !== 200) wrong.push('the server does not answer');
          findings.note(what, wrong);
          if (time % 2 === 0) {
            await home.server.stop('SIGKILL');
            trouble('');
            findings.note(what, await startReadOnly(home, disk));
            await home.start();
          }
          trouble('');
          findings.note(what, (await home.waitForStatus('/readyz', 200)) ? [] : ['it did not recover']);
          findings.note(what, await home.lostPromises());
        }
        await home.finish(findings, 'read-only');
        say(
          `every write refused with EROFS under the working server ${times} times, ` +
            `${Math.floor(times / 2)} starts over a disk mounted read-only; ${home.crew.told()}; ${seconds(startedAt)} s`
        );
      } finally {
        await home.close();
      }
    })
  );
  return findings;
}

async function startReadOnly(home: Home, disk: string): Promise<readonly string[]> {
  mount(['-o', 'remount,ro', disk]);
  try {
    await home.start('/healthz');
    return ['it started over a read-only disk'];
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    return /Not allowed to write into/.test(said) ? [] : [`over a read-only disk it says: ${said}`];
  } finally {
    mount(['-o', 'remount,rw', disk]);
  }
}

/** Syncs take up to a second and a half or fail, the whole process stands still for a while, and it is killed in all that. */
export async function slowDisk(kills: number, seed: number, say: Say): Promise<Outcome> {
  const findings = new Findings();
  const startedAt = performance.now();
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'zimnik-slow-'));
  const done = { slow: 0, failing: 0, stopped: 0 };
  await withTrouble(async (trouble, env) => {
    const home = await Home.open({ folder, tablets, random, env });
    try {
      home.crew.begin();
      for (let kill = 1; kill <= kills; kill++) {
        const what = random.pick(['slow', 'slow', 'failing', 'stopped'] as const);
        done[what] += 1;
        await troubleOnce(what, home, trouble, random);
        await home.server.stop('SIGKILL');
        trouble('');
        await home.start();
        findings.note(`slow disk, kill ${kill}`, await home.lostPromises());
      }
      await home.finish(findings, 'slow disk');
      say(
        `${kills} kills: in syncs of 100 to 1,500 ms ${done.slow}, in syncs that failed (EIO) ${done.failing}, after the process ` +
          `had stood still (SIGSTOP) ${done.stopped}; ${home.crew.told()}; ${seconds(startedAt)} s`
      );
    } finally {
      await home.close();
    }
  });
  rmSync(folder, { recursive: true, force: true });
  return findings;
}

async function troubleOnce(
  what: 'slow' | 'failing' | 'stopped',
  home: Home,
  trouble: (text: string) => void,
  random: Random
): Promise<void> {
  if (what === 'stopped') {
    await momentOfKill(home.crew, random);
    process.kill(home.server.pid, 'SIGSTOP');
    // Longer than a tablet waits for its answer.
    await pause(3_000);
    process.kill(home.server.pid, 'SIGCONT');
  } else trouble(what === 'slow' ? 'slow 100 1500' : 'failing');
  await momentOfKill(home.crew, random);
  await pause(random.below(1_000));
}

/** Leaves so many bytes of a small disk. */
function fill(disk: string, leave: number): void {
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(join(disk, `ballast-${bavail}`), Buffer.alloc(Math.max(0, bavail * bsize - leave)));
  } catch (error) {
    // The server took the last of it in between: it is as full as it was meant to be.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

/** A disk of 24 MB in memory, which only the machine's administrator may mount. */
async function withSmallDisk(use: (disk: string) => Promise<void>): Promise<void> {
  const disk = mkdtempSync(join(tmpdir(), 'zimnik-disk-'));
  mount(['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]);
  try {
    await use(disk);
  } finally {
    spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}

function mount(args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`A small disk needs the right to mount (root): ${error?.message ?? stderr}`);
}

/** Settings of a server whose disk is troubled as `trouble` says, by a library loaded before its own. */
async function withTrouble(
  use: (trouble: (text: string) => void, env: Readonly<Record<string, string>>) => Promise<void>
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zimnik-trouble-'));
  const source = fileURLToPath(new URL('disk-trouble.c', import.meta.url));
  const library = join(folder, 'disk-trouble.so');
  const control = join(folder, 'trouble');
  const made = spawnSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl'], { encoding: 'utf8' });
  if (made.status !== 0)
    throw new Error(`A troubled disk needs a C compiler: ${made.error?.message ?? made.stderr}`);
  const trouble = (text: string): void => writeFileSync(control, text);
  trouble('');
  try {
    await use(trouble, { LD_PRELOAD: library, DISK_TROUBLE: control });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
