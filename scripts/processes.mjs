// `npm run sim:processes -- [kills disk-full …] [--kills N] [--seed S]`: the real server as a process, the real client, broken links
// and disks between and under them; the last line is «N passed, N failed».
import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { run } from './run.mjs';
import { giveUp, setUp } from './setup.mjs';

await setUp().then(generate).then(build).catch(giveUp);
const args = ['--import', 'tsx', 'simulation/processes/run.ts', ...process.argv.slice(2)];
const { code } = await run(process.execPath, args);
process.exit(code);
