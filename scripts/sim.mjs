// `npm run sim -- --seeds N --seed S [--postgres] [--planted]`: the fault simulation over the real client and server code.
import { generate } from './generate.mjs';
import { run } from './run.mjs';
import { giveUp, setUp } from './setup.mjs';

await setUp().then(generate).catch(giveUp);
const given = process.argv.slice(2);
const args = ['--import', 'tsx', 'simulation/run.ts', ...given.filter((arg) => arg !== '--postgres')];
let postgres;
if (given.includes('--postgres')) {
  // Imported late: it needs a package that this very run may have installed.
  const { startPostgres } = await import('./postgres.mjs');
  postgres = await startPostgres().catch(giveUp);
}
const env = { ...process.env, ...(postgres === undefined ? {} : { ZIMNIK_SIM_POSTGRES: postgres.url }) };
const { code } = await run(process.execPath, args, { env });
await postgres?.stop();
process.exit(code);
