// `npm run dev`: the server and the app with reload. The app is at Vite's address, which passes /api and /survey on.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, tool } from './run.mjs';
import { giveUp, setUp } from './setup.mjs';

async function dev() {
  await setUp();
  await build();
  const env = { ...process.env, ZIMNIK_DEMO: '1', ZIMNIK_DATA: join(root, 'data', 'dev'), PORT: '3000' };
  const programs = [
    [tool('tsx'), ['watch', 'server/main.ts']],
    [tool('vite'), ['build', '--config', 'vite.survey.config.ts', '--watch']],
    [tool('vite'), ['dev']]
  ];
  const children = programs.map(([command, args]) =>
    spawn(command, args, { cwd: root, env, stdio: 'inherit' })
  );
  const stop = () => children.forEach((child) => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  children.forEach((child) => child.on('close', stop));
}

await dev().catch(giveUp);
