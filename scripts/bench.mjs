// `npm run bench [-- names]`: the measurements of bench/, each against its target.
import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { run } from './run.mjs';
import { giveUp, setUp } from './setup.mjs';

await setUp().then(generate).then(build).catch(giveUp);
const { code } = await run(process.execPath, ['--import', 'tsx', 'bench/run.ts', ...process.argv.slice(2)]);
process.exit(code);
