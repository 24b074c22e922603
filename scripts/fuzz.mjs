// `npm run fuzz -- --requests N --seed S`: hostile requests to every route of the server; the last line is «N passed, N failed».
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from './generate.mjs';
import { root, run, tool } from './run.mjs';
import { giveUp, setUp } from './setup.mjs';

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } }
});
await setUp().then(generate).catch(giveUp);
const report = join(root, '.reports', 'fuzz.json');
mkdirSync(join(root, '.reports'), { recursive: true });
rmSync(report, { force: true });
const startedAt = Date.now();
const { code } = await run(tool('vitest'), ['run', '--project', 'core', 'server/fuzz.test.ts'], {
  env: {
    ...process.env,
    ZIMNIK_FUZZ_REQUESTS: values.requests,
    ZIMNIK_FUZZ_SEED: values.seed,
    ZIMNIK_FUZZ_REPORT: report
  }
});
const { passed, failures } = existsSync(report)
  ? JSON.parse(readFileSync(report, 'utf8'))
  : { passed: 0, failures: ['it did not run to its end'] };
console.log(`seed ${values.seed}, ${Math.round((Date.now() - startedAt) / 1000)} s`);
// What was found broken after the last request counts as one.
const failed = failures.length === 0 && code !== 0 ? 1 : failures.length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
