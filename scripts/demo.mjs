// `npm run demo`: installs, builds and starts the demonstration centre; the server itself prints the links.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { root } from './run.mjs';
import { freePort, serve, serverFlags } from './serve.mjs';
import { giveUp, setUp } from './setup.mjs';

const usage = `npm run demo [-- options]
  --fresh       forget everything and start the demonstration over
  --url <url>   address under which phones reach this machine by https; prints QR codes
  --port <n>    instead of 3000`;

async function demo() {
  const { values } = parseArgs({
    options: {
      fresh: { type: 'boolean' },
      url: { type: 'string' },
      port: { type: 'string' },
      help: { type: 'boolean' }
    }
  });
  if (values.help) return console.log(usage);
  await setUp();
  await build();
  const data = join(root, 'data', 'demo');
  const port = values.port ?? String(await freePort(3000));
  const env = { ...process.env, ZIMNIK_DEMO: '1', ZIMNIK_DATA: data, PORT: port };
  if (values.url) env.ZIMNIK_URL = values.url;
  serve([...serverFlags, 'dist/server.js', ...(values.fresh ? ['--fresh'] : [])], env);
}

await demo().catch(giveUp);
