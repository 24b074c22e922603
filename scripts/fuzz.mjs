// `npm run fuzz -- --requests N --bundles M --seed S`: hostile requests to every route of the server, and courier's files that it can
// open with hostile insides; the last line is «N passed, N failed».
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from './generate.mjs';
import { root, run, tool } from './run.mjs';
import { giveUp, setUp } from './setup.mjs';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    bundles: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' }
  }
});
await setUp().then(generate).catch(giveUp);
mkdirSync(join(root, '.reports'), { recursive: true });

let passed = 0;
let failed = 0;
for (const [what, count, file, name] of [
  ['requests', values.requests, 'server/fuzz.test.ts', 'ZIMNIK_FUZZ_REQUESTS'],
  ['bundles', values.bundles, 'server/fuzz-bundles.test.ts', 'ZIMNIK_FUZZ_BUNDLES']
]) {
  if (Number(count) === 0) continue;
  const report = join(root, '.reports', `fuzz-${what}.json`);
  rmSync(report, { force: true });
  const startedAt = Date.now();
  const { code } = await run(tool('vitest'), ['run', '--project', 'core', file], {
    env: {
      ...process.env,
      [name]: count,
      [`${name}_REPORT`]: report,
      ZIMNIK_FUZZ_SEED: values.seed
    }
  });
  const told = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { passed: 0, failures: ['it did not run to its end'] };
  const came = told.came === undefined ? '' : `, ${JSON.stringify(told.came)}`;
  console.log(
    `${what}: ${told.passed} passed, seed ${values.seed}, ${Math.round((Date.now() - startedAt) / 1000)} s${came}`
  );
  passed += told.passed;
  // What was found broken after the last one counts as one.
  failed += told.failures.length === 0 && code !== 0 ? 1 : told.failures.length;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
