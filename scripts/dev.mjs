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
  const programs = [
    // The server reads the built activist's page once, at its start.
    [
      tool('tsx'),
      ['watch', '--clear-screen=false', '--include', 'build-survey/manifest.json', 'server/main.ts']
    ],
    [tool('vite'), ['build', '--config', 'vite.survey.config.ts', '--watch', '--emptyOutDir', 'false']],
    [tool('vite'), ['dev', '--port', page, '--strictPort']]
  ];
  const children = programs.map(([command, args]) =>
    spawn(command, args, { cwd: root, env, stdio: 'inherit' })
  );
  const stop = () => children.forEach((child) => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  children.forEach((child) => child.on('close', stop));
}

await dev().catch(giveUp);
