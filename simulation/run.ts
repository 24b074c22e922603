import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plantedBugs } from './planted.ts';
import { Pool } from './pool.ts';
import { Report } from './report.ts';

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
    /** Processes side by side. */
    jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    report: { type: 'string' }
  }
});

const recordedFile = join(import.meta.dirname, 'planted.json');
const fixturesFile = join(import.meta.dirname, 'fixtures.json');
const report = new Report();
const first = values.seed === undefined ? randomInt(1, 1_000_000_000) : Number(values.seed);
const count = Number(values.seeds);
const onWhat = process.env['ZIMNIK_SIM_POSTGRES'] === undefined ? 'SQLite' : 'PostgreSQL';
const startedAt = Date.now();
console.log(`seeds ${first} … ${first + count - 1}, code ${commit()}, ${onWhat}`);

const pool = new Pool(Number(values.jobs));

async function schedules(): Promise<void> {
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  await Promise.all(seeds.map((seed) => schedule(seed, 'seed')));
  const ms = Math.round((Date.now() - startedAt) / Math.max(1, count));
  console.log(`${count} schedules, ${ms} ms each`);
}

async function schedule(seed: number, what: string): Promise<void> {
  const twice = values['check-determinism'];
  const outcome = await pool.run({ kind: 'schedule', seed, twice, trace: values.trace });
  if (outcome.kind !== 'schedule') {
    report.fail(`${what} ${seed} did not run to its end`, outcome.kind === 'broken' ? [outcome.detail] : []);
    return;
  }
  const { result, again } = outcome;
  report.schedule(result, what);
  if (values.trace) console.log(result.trace.join('\n'));
  if (again !== undefined && again !== result.hash)
    report.fail(`${what} ${seed} runs differently`, [result.hash, again]);
}

/** Seeds that once found a real bug are replayed for ever. */
async function fixtures(): Promise<void> {
  await Promise.all([...readSeeds(fixturesFile).values()].map((seed) => schedule(seed, 'fixture')));
}

async function planted(): Promise<void> {
  const recorded = readSeeds(recordedFile);
  const wanted = plantedBugs.filter(({ name }) => values.bug === undefined || values.bug === name);
  await Promise.all(wanted.map(({ name }) => plantedBug(name, recorded)));
  if (values.record)
    writeFileSync(recordedFile, `${JSON.stringify(Object.fromEntries(recorded), null, 2)}\n`);
}

async function plantedBug(name: string, recorded: Map<string, number>): Promise<void> {
  const known = recorded.get(name);
  const length = values.record ? count : freshForPlanted;
  const fresh = Array.from({ length }, (_, index) => first + index);
  const seeds = known === undefined || values.record ? fresh : [known, ...fresh];
  const outcome = await pool.run({ kind: 'planted', bug: name, seeds });
  if (outcome.kind !== 'planted')
    report.fail(`${name} could not be tried`, outcome.kind === 'broken' ? [outcome.detail] : []);
  else if (outcome.found === undefined)
    report.fail(`${name} was not found in ${outcome.tried} schedules`, []);
  else {
    const { seed, oracle } = outcome.found;
    report.pass();
    recorded.set(name, seed);
    console.log(`${name}: found by «${oracle}» at seed ${seed}, schedule ${outcome.tried}`);
  }
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
pool.close();
if (values.report !== undefined) report.write(values.report, { first, count, commit: commit() });
console.log(`${report.passed} passed, ${report.failed} failed`);
process.exit(report.failed === 0 ? 0 : 1);
