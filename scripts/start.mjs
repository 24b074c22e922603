// `npm start`: installs, builds and starts the server for real use; its settings come from the environment.
import { build } from './build.mjs';
import { serve, serverFlags } from './serve.mjs';
import { giveUp, setUp } from './setup.mjs';

async function start() {
  await setUp();
  await build();
  serve([...serverFlags, 'dist/server.js', ...process.argv.slice(2)], process.env);
}

await start().catch(giveUp);
