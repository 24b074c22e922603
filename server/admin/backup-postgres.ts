import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '#domain/result.ts';
import type { ServerStorage } from '#server/storage/server-storage.ts';
import type { BackupFailure, BackupReport } from './backup.ts';

/**
 * Dumps PostgreSQL into a new folder beside working servers, with PostgreSQL's own `pg_dump` (one consistent snapshot),
 * has `pg_restore` read the dump through, then tells the devices what is safe. `pg_restore` puts it back.
 */
export async function backupPostgres(
  url: string,
  folder: string,
  live: { readonly storage: ServerStorage; readonly centre: string; readonly clock: () => number }
): Promise<Result<BackupReport, BackupFailure>> {
  if (existsSync(folder) && readdirSync(folder).length > 0) return fail({ type: 'not_empty' });
  // Read before the dump begins: everything up to here is in it.
  const head = await live.storage.readSnapshot((snapshot) => snapshot.centre(live.centre));
  if (head === undefined) return fail({ type: 'nothing_to_copy' });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'centre.dump');
  for (const [program, ...args] of [
    ['pg_dump', '--format=custom', '--no-owner', `--file=${file}`, url],
    ['pg_restore', '--file=/dev/null', file]
  ] as const) {
    const says = await run(program, args);
    if (says !== undefined) return fail({ type: 'damaged', file, says: `${program}: ${says}` });
  }
  const { seq, epoch } = head;
  writeFileSync(
    join(folder, 'backup.json'),
    `${JSON.stringify({ at: live.clock(), seq, epoch }, null, 2)}\n`
  );
  await live.storage.withTransaction(async (tx) => {
    const centre = await tx.centre(live.centre);
    // After a restore in between, numbers of the dump mean another history.
    if (centre?.epoch !== epoch || centre.durable >= seq) return;
    await tx.putCentre({ ...centre, durable: seq });
  });
  return ok({ folder, seq });
}

/** What went wrong; undefined = nothing. */
function run(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.on('error', (error) => {
      resolve(error.message);
    });
    child.on('close', (code) => {
      resolve(code === 0 ? undefined : printed.trim() || `ended with code ${code}`);
    });
  });
}
