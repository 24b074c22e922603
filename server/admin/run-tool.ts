import { spawn } from 'node:child_process';

type Tool = 'pg_dump' | 'pg_restore';

/** Why a program of PostgreSQL did not do it: it is not installed, or what it printed in its own language. */
export type ToolTrouble =
  | { readonly type: 'missing'; readonly program: Tool }
  | { readonly type: 'failed'; readonly program: Tool; readonly says: string; readonly code: number | null };

/** Runs a program of PostgreSQL. undefined = nothing went wrong. */
export function runTool(program: Tool, args: readonly string[]): Promise<ToolTrouble | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.on('error', (error) => {
      const isMissing = 'code' in error && error.code === 'ENOENT';
      resolve(
        isMissing
          ? { type: 'missing', program }
          : { type: 'failed', program, says: error.message, code: null }
      );
    });
    child.on('close', (code) => {
      resolve(code === 0 ? undefined : { type: 'failed', program, says: printed.trim(), code });
    });
  });
}
