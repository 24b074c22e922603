import { spawn } from 'node:child_process';

/** Runs a program of PostgreSQL. Returns what went wrong, with the program's name; undefined = nothing. */
export function runTool(
  program: 'pg_dump' | 'pg_restore',
  args: readonly string[]
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.on('error', (error) => {
      resolve(`${program}: ${error.message}`);
    });
    child.on('close', (code) => {
      resolve(code === 0 ? undefined : `${program}: ${printed.trim() || `ended with code ${code}`}`);
    });
  });
}
