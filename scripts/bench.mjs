// `npm run bench [-- names]`: the measurements of bench/, each against its target.
import { parseArgs } from 'node:util';
import { benchNames } from './bench-names.mjs';
import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { run } from './run.mjs';
import { giveUp, setUp } from './setup.mjs';

/** Told before anything is built, which takes a minute. */
function refuseUnknown() {
  const { positionals } = parseArgs({ options: { save: { type: 'boolean' } }, allowPositionals: true });
  const unknown = positionals.filter((name) => !benchNames.includes(name));
  if (unknown.length === 0) return;
  console.error(`Unknown: ${unknown.join(', ')}. Known: ${benchNames.join(', ')}`);
  process.exit(2);
}

try {
  refuseUnknown();
} catch (error) {
  giveUp(error);
}
await setUp().then(generate).then(build).catch(giveUp);
const { code } = await run(process.execPath, ['--import', 'tsx', 'bench/run.ts', ...process.argv.slice(2)]);
process.exit(code);
