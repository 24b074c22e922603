// `npm test`: everything that can be proven here; the last line is «N passed, N failed».
// `npm test -- --only unit,lint` runs some of it.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { root, run, runSlow, tool } from './run.mjs';
import { setUp } from './setup.mjs';

const reports = join(root, '.reports');
const unitReport = join(reports, 'vitest.json');
const journeyReport = join(reports, 'playwright.json');
const simulationReport = join(reports, 'simulation.json');
const processesReport = join(reports, 'processes.json');
const typeProjects = [
  'domain/tsconfig.json',
  'domain/tsconfig.test.json',
  'server/tsconfig.json',
  'tsconfig.tools.json',
  'tsconfig.worker.json'
];

/** Lanes of one row run side by side, rows one after another: a browser under load would make journeys lie. */
const rows = [[['types', 'canaries', 'knip', 'size', 'processes', 'sim'], ['lint']], [['unit']], [['e2e']]];
const steps = {
  types: () => oneByOne([...typeProjects.map(typeCheck), svelteCheck]),
  lint: () =>
    oneByOne([
      () => run(process.execPath, ['scripts/lock.mjs'], { quiet: true }),
      () => run(tool('eslint'), ['.'], { quiet: true }),
      () => run(tool('prettier'), ['--check', '--log-level=warn', '.'], { quiet: true })
    ]),
  canaries: () => oneByOne([() => run(process.execPath, ['scripts/canaries.mjs'], { quiet: true })]),
  // Cycles are found by knip too: the same question asked as a lint rule costs twenty times as much.
  knip: () =>
    oneByOne([
      () => run(tool('knip'), ['--no-progress'], { quiet: true }),
      () => run(tool('knip'), ['--no-progress', '--include', 'cycles'], { quiet: true })
    ]),
  unit,
  sim: simulation,
  size: sizes,
  processes,
  e2e: journeys
};

const totals = { passed: 0, failed: 0 };
try {
  await main();
} catch (error) {
  count('set-up', { passed: 0, failed: 1, output: error instanceof Error ? error.message : String(error) });
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed > 0 ? 1 : 0);

async function main() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const wanted = values.only?.split(',') ?? Object.keys(steps);
  const unknown = wanted.filter((name) => !(name in steps));
  if (unknown.length > 0)
    throw new Error(`No such part: ${unknown.join(', ')}. There are ${Object.keys(steps).join(', ')}.`);
  await setUp();
  await generate();
  mkdirSync(reports, { recursive: true });
  for (const lanes of rows) {
    await Promise.all(
      lanes.map(async (lane) => {
        for (const name of lane) if (wanted.includes(name) && isHere(name)) await step(name);
      })
    );
  }
}

function isHere(name) {
  return name !== 'sim' || existsSync(join(root, 'simulation', 'run.ts'));
}

async function step(name) {
  const startedAt = Date.now();
  console.log(`${name}…`);
  const result = await steps[name]().catch((error) => ({
    passed: 0,
    failed: 1,
    output: error instanceof Error ? error.message : String(error)
  }));
  count(name, result, Math.round((Date.now() - startedAt) / 1000));
}

function count(name, { passed, failed, output }, seconds = 0) {
  if (failed > 0 && output) console.log(output.trimEnd());
  console.log(`${name}: ${passed} passed, ${failed} failed, ${seconds} s`);
  totals.passed += passed;
  totals.failed += failed;
}

/** Several commands that count as one: passed when all of them are. */
async function oneByOne(commands) {
  const results = [];
  for (const command of commands) results.push(await command());
  const bad = results.filter(({ code }) => code !== 0);
  return {
    passed: bad.length === 0 ? 1 : 0,
    failed: bad.length === 0 ? 0 : 1,
    output: bad.map(({ output }) => output).join('\n')
  };
}

function typeCheck(project) {
  return () => run(tool('tsc'), ['--project', project, '--pretty', 'false'], { quiet: true });
}

function svelteCheck() {
  return run(tool('svelte-check'), ['--tsconfig', 'tsconfig.json', '--fail-on-warnings'], { quiet: true });
}

async function unit() {
  rmSync(unitReport, { force: true });
  const args = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${unitReport}`];
  const { code, output } = await runSlow('  unit and property tests', tool('vitest'), args);
  const report = readReport(unitReport);
  // A file that could not even be loaded has no tests of its own to fail.
  const unloaded = report?.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0
  );
  return honest(
    code,
    output,
    report && { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length }
  );
}

async function simulation() {
  rmSync(simulationReport, { force: true });
  const args = [
    '--import',
    'tsx',
    'simulation/run.ts',
    '--seeds',
    '300',
    // The same schedules at every run: a failure here is news about the change, not about luck. More: npm run sim.
    '--seed',
    '1',
    '--planted',
    '--report',
    simulationReport
  ];
  const { code, output } = await runSlow('  fault schedules and planted bugs', process.execPath, args);
  const report = readReport(simulationReport);
  return honest(code, output, report && { passed: report.passed, failed: report.failed });
}

/** A short run of the real server as a process that is killed again and again; more: npm run sim:processes. */
async function processes() {
  await build();
  rmSync(processesReport, { force: true });
  const args = ['--import', 'tsx', 'simulation/processes/run.ts', 'kills', '--kills', '10', '--seed', '1'];
  const { code, output } = await runSlow('  a server killed in the middle of pushes', process.execPath, [
    ...args,
    '--report',
    processesReport
  ]);
  const report = readReport(processesReport);
  return honest(code, output, report && { passed: report.passed, failed: report.failed });
}

/** The byte budget of the activist's link, and what the oldest supported browsers make of the built files. */
async function sizes() {
  await build();
  return oneByOne([
    () => run(tool('size-limit'), [], { quiet: true }),
    () => run(process.execPath, ['scripts/floor.mjs'], { quiet: true })
  ]);
}

async function journeys() {
  // Imported late: it needs the packages that this very run may have installed.
  const { ensureBrowser, ensureWebKit } = await import('./browser.mjs');
  await build();
  const env = { ...process.env, CHROME_PATH: await ensureBrowser() };
  // Its journey fails in the same words when it could not be had: the others run all the same.
  await ensureWebKit().catch((error) => console.log(error.message));
  rmSync(journeyReport, { force: true });
  const { code } = await run(tool('playwright'), ['test'], { env });
  const report = readReport(journeyReport);
  const stats = report?.stats;
  return honest(
    code,
    '',
    stats && { passed: stats.expected, failed: stats.unexpected + stats.flaky + report.errors.length }
  );
}

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** A runner that crashed, ran nothing, or failed without naming a test counts as one failed. */
function honest(code, output, counted) {
  if (!counted || counted.passed + counted.failed === 0)
    return { passed: 0, failed: 1, output: `${output}\nNothing was run.` };
  const failed = counted.failed === 0 && code !== 0 ? 1 : counted.failed;
  return { passed: counted.passed, failed, output };
}
