// Keeps a server process in the foreground: passes signals on, waits for its own clean end.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { root } from './run.mjs';

const graceMs = 10_000;

/**
 * How Node runs the server. A young generation of 4 MB in place of 16: a server at rest holds 20 MB less, and judging and
 * storing a batch takes as long as before.
 */
export const serverFlags = ['--enable-source-maps', '--max-semi-space-size=4'];

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

/**
 * The wanted port when nobody answers at it under any of localhost's addresses, else one that the system gives.
 * @param {number} wanted
 * @returns {Promise<number>}
 */
export async function freePort(wanted) {
  let taken = false;
  // One after another: two probes would meet each other.
  for (const host of ['127.0.0.1', '::1', undefined]) taken ||= await isTaken(wanted, host);
  if (!taken) return wanted;
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function isTaken(port, host) {
  return new Promise((resolve) => {
    const probe = createServer();
    // Another error means that this machine has no such address: nobody is there.
    probe.once('error', (error) => resolve(error.code === 'EADDRINUSE' || error.code === 'EACCES'));
    probe.listen({ port, host }, () => probe.close(() => resolve(false)));
  });
}
