// Runs other programs from the project's root and says how they ended.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] `quiet` keeps the output instead of showing it
 * @returns {Promise<{ code: number, output: string }>} exit code (1 for a signal) and, when quiet, what was printed
 */
export function run(command, args, { env = process.env, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', ...Array(2).fill(quiet ? 'pipe' : 'inherit')]
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Like `run` in quiet mode, but says what it does, that it is still alive every 20 s, and how long it took. */
export async function runSlow(what, command, args, options = {}) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  console.log(`${what}…`);
  const timer = setInterval(() => console.log(`  still at it, ${seconds()} s`), 20_000);
  const result = await run(command, args, { ...options, quiet: true });
  clearInterval(timer);
  console.log(`  ${result.code === 0 ? 'done' : `failed with code ${result.code}`}, ${seconds()} s`);
  return result;
}

/** Path of a tool that npm installed. */
export function tool(name) {
  return fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
}
