import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { fullDisk, readOnlyDisk, slowDisk } from './disks.ts';
import { killedServer } from './kills.ts';
import { seconds, type Outcome } from './outcome.ts';
import { twoServers } from './two-servers.ts';

const { values, positionals: asked } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    /** Of chance unless told. It draws what people mark, how links break and when a process is killed; time is real. */
    seed: { type: 'string' },
    report: { type: 'string' }
  },
  allowPositionals: true
});
const seed = values.seed === undefined ? randomInt(1, 1_000_000_000) : Number(values.seed);
const kills = Number(values.kills);
const say = (line: string): void => console.log(`  ${line}`);

const parts: Readonly<Record<string, () => Promise<Outcome>>> = {
  kills: () => killedServer(kills, seed, say),
  'full-disk': () => fullDisk(6, seed, say),
  'read-only': () => readOnlyDisk(6, seed, say),
  'slow-disk': () => slowDisk(20, seed, say),
  'two-servers': () => twoServers(40, seed, say)
};

const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. Known: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
const code = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
console.log(`seed ${seed}, code ${code}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`);
let passed = 0;
let failed = 0;
for (const [name, part] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`${name}…`);
  const startedAt = performance.now();
  const outcome = await part().catch((error: unknown) => ({
    passed: 0,
    problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }));
  for (const problem of outcome.problems) console.log(`  ${problem}`);
  passed += outcome.passed;
  failed += outcome.problems.length;
  console.log(
    `${name}: ${outcome.passed} passed, ${outcome.problems.length} failed, ${seconds(startedAt)} s`
  );
}
if (values.report !== undefined)
  writeFileSync(values.report, `${JSON.stringify({ passed, failed, seed, code })}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
