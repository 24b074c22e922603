import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plantedBugs } from './planted.ts';
import { plant } from './planted-build.ts';
import { Report } from './report.ts';
import { runSchedule } from './schedule.ts';

/** Schedules of chance after the recorded one within which a planted bug must be found. */
const freshForPlanted = 30;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    /** The first seed; of chance unless told. */
    seed: { type: 'string' },
    planted: { type: 'boolean', default: false },
    /** Plants only this bug. */
    bug: { type: 'string' },
    /** Looks for the first of `--seeds` schedules that finds each planted bug and keeps its seed. */
    record: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    'check-determinism': { type: 'boolean', default: false },
    report: { type: 'string' }
  }
});

const recordedFile = join(import.meta.dirname, 'planted.json');
const fixturesFile = join(import.meta.dirname, 'fixtures.json');
const report = new Report();
const first = values.seed === undefined ? randomInt(1, 1_000_000_000) : Number(values.seed);
const count = Number(values.seeds);
const startedAt = Date.now();
console.log(`seeds ${first} … ${first + count - 1}, code ${commit()}`);

async function schedules(): Promise<void> {
  for (let seed = first; seed < first + count; seed++) {
    const result = await runSchedule(seed);
    report.schedule(result);
    if (values.trace) console.log(result.trace.join('\n'));
    if (!values['check-determinism']) continue;
    const again = await runSchedule(seed);
    if (again.hash !== result.hash) report.fail(`seed ${seed} runs differently`, [result.hash, again.hash]);
  }
  const ms = Math.round((Date.now() - startedAt) / Math.max(1, count));
  console.log(`${count} schedules, ${ms} ms each`);
}

/** Seeds that once found a real bug are replayed for ever. */
async function fixtures(): Promise<void> {
  for (const seed of readSeeds(fixturesFile).values()) report.schedule(await runSchedule(seed), 'fixture');
}

async function planted(): Promise<void> {
  const recorded = readSeeds(recordedFile);
  for (const bug of plantedBugs) {
    if (values.bug !== undefined && values.bug !== bug.name) continue;
    const run = await plant(bug).catch((error: unknown) => {
      report.fail(bug.name, [String(error)]);
      return undefined;
    });
    if (run === undefined) continue;
    const known = recorded.get(bug.name);
    const fresh = Array.from(
      { length: values.record ? count : freshForPlanted },
      (_, index) => first + index
    );
    const seeds = known === undefined || values.record ? fresh : [known, ...fresh];
    let tried = 0;
    let found: { readonly seed: number; readonly oracle: string } | undefined;
    for (const seed of seeds) {
      tried += 1;
      const { failures } = await run(seed);
      if (failures[0] === undefined) continue;
      found = { seed, oracle: failures[0].oracle };
      break;
    }
    if (found === undefined) report.fail(`${bug.name} was not found in ${tried} schedules`, []);
    else {
      report.pass();
      recorded.set(bug.name, found.seed);
      console.log(`${bug.name}: found by «${found.oracle}» at seed ${found.seed}, schedule ${tried}`);
    }
  }
  if (values.record)
    writeFileSync(recordedFile, `${JSON.stringify(Object.fromEntries(recorded), null, 2)}\n`);
}

function readSeeds(file: string): Map<string, number> {
  if (!existsSync(file)) return new Map();
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof json !== 'object' || json === null) throw new Error(`${file} is not a table of seeds`);
  return new Map(Object.entries(json).map(([name, seed]) => [name, Number(seed)]));
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    // A copy of the sources without their history.
    return 'unknown';
  }
}

if (!values.record) await schedules();
if (values.seed === undefined || values.planted) await fixtures();
if (values.planted) await planted();
if (values.report !== undefined) report.write(values.report, { first, count, commit: commit() });
console.log(`${report.passed} passed, ${report.failed} failed`);
process.exit(report.failed === 0 ? 0 : 1);
