// `npm run sim -- --seeds N --seed S [--planted]`: the fault simulation over the real client and server code.
import { generate } from './generate.mjs';
import { run } from './run.mjs';
import { giveUp, setUp } from './setup.mjs';

await setUp().then(generate).catch(giveUp);
const { code } = await run(process.execPath, [
  '--import',
  'tsx',
  'simulation/run.ts',
  ...process.argv.slice(2)
]);
process.exit(code);
