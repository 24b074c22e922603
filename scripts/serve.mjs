// Keeps a server process in the foreground: passes signals on, waits for its own clean end.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { root } from './run.mjs';

const graceMs = 10_000;

/**
 * Runs `node <args>` until it ends by itself or by Ctrl-C, then ends this process with its code.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export function serve(args, env) {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C reaches the child from the terminal too; a second signal of the same kind would cut its farewell short.
      if (!asked && !(signal === 'SIGINT' && process.stdin.isTTY)) child.kill('SIGTERM');
      asked = true;
      setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
    });
  }
  child.on('close', (code) => process.exit(asked ? 0 : (code ?? 1)));
}

/** The wanted port when it is free, else one that the system gives. */
export async function freePort(wanted) {
  for (const port of [wanted, 0]) {
    const found = await tryPort(port);
    if (found !== undefined) return found;
  }
  throw new Error('No free port on this machine.');
}

function tryPort(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, () => {
      const { port: taken } = probe.address();
      probe.close(() => resolve(taken));
    });
  });
}
