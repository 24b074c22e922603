// `npm run dev`: the server and the app with reload. Everything is at Vite's address, which passes /api and /survey on.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, forgetBuild } from './build.mjs';
import { root, tool } from './run.mjs';
import { freePort } from './serve.mjs';
import { giveUp, setUp } from './setup.mjs';

async function dev() {
  await setUp();
  await build();
  forgetBuild('build-survey');
  const port = String(await freePort(Number(process.env.PORT ?? 3000)));
  const page = String(await freePort(5173));
  const env = {
    ...process.env,
    ZIMNIK_DEMO: '1',
    ZIMNIK_DATA: join(root, 'data', 'dev'),
    ZIMNIK_URL: `http://localhost:${page}`,
    PORT: port
  };
  const children = [];
  const start = (command, args) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    child.on('close', stop);
    children.push(child);
  };
  let isStopping = false;
  const stop = () => {
    isStopping = true;
    children.forEach((child) => child.kill('SIGTERM'));
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  start(tool('vite'), ['build', '--config', 'vite.survey.config.ts', '--watch', '--emptyOutDir', 'false']);
  start(tool('vite'), ['dev', '--port', page, '--strictPort']);
  // The links that the server prints are Vite's: nobody is to open one that does not answer yet.
  while (!isStopping && !(await fetch(env.ZIMNIK_URL).then(Boolean, () => false)))
    await new Promise((resolve) => setTimeout(resolve, 200));
  if (isStopping) return;
  // The server reads the built activist's page once, at its start.
  start(tool('tsx'), [
    'watch',
    '--clear-screen=false',
    '--include',
    'build-survey/manifest.json',
    'server/main.ts'
  ]);
}

await dev().catch(giveUp);
