import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { fail, ok, type Result } from '#domain/result.ts';
import type { ServerStorage } from '#server/storage/server-storage.ts';
import { dataFiles } from '#server/data-files.ts';

export interface BackupReport {
  readonly folder: string;
  /** Number of the last operation in the copy. */
  readonly seq: number;
}
export type BackupFailure =
  | { readonly type: 'not_empty' }
  | { readonly type: 'nothing_to_copy' }
  | { readonly type: 'damaged'; readonly file: string; readonly says: string };

const headSchema = v.object({ seq: v.number(), epoch: v.string() });

/**
 * Copies both databases and the secret of a data folder into a new folder, consistently, beside a working server;
 * checks the copies; then tells the devices that everything up to the copy's end is safe, so that they need no longer
 * keep it for a restore.
 */
export async function backup(
  dataFolder: string,
  folder: string,
  live: { readonly storage: ServerStorage; readonly centre: string; readonly clock: () => number }
): Promise<Result<BackupReport, BackupFailure>> {
  const from = dataFiles(dataFolder);
  const to = dataFiles(folder);
  if (existsSync(folder) && readdirSync(folder).length > 0) return fail({ type: 'not_empty' });
  if (!existsSync(from.centre) || !existsSync(from.accounts)) return fail({ type: 'nothing_to_copy' });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of ['centre', 'accounts'] as const) {
    await copy(from[name], to[name]);
    const says = integrityOf(to[name]);
    if (says !== 'ok') return fail({ type: 'damaged', file: to[name], says });
  }
  if (existsSync(from.secret)) {
    copyFileSync(from.secret, to.secret);
    chmodSync(to.secret, 0o600);
  }
  const head = headOf(to.centre, live.centre);
  writeFileSync(join(folder, 'backup.json'), `${JSON.stringify({ at: live.clock(), ...head }, null, 2)}\n`);
  await live.storage.withTransaction(async (tx) => {
    const centre = await tx.centre(live.centre);
    // After a restore in between, numbers of the copy mean another history.
    if (centre?.epoch !== head.epoch || centre.durable >= head.seq) return;
    await tx.putCentre({ ...centre, durable: head.seq });
  });
  return ok({ folder, seq: head.seq });
}

async function copy(from: string, to: string): Promise<void> {
  const database = new Database(from, { readonly: true, timeout: 5_000 });
  try {
    await database.backup(to);
  } finally {
    database.close();
  }
  chmodSync(to, 0o600);
}

function integrityOf(file: string): string {
  const database = new Database(file, { readonly: true });
  try {
    return String(database.pragma('integrity_check', { simple: true }));
  } finally {
    database.close();
  }
}

function headOf(file: string, centre: string): v.InferOutput<typeof headSchema> {
  const database = new Database(file, { readonly: true });
  try {
    const row = database.prepare('SELECT seq, epoch FROM centres WHERE id = ?').get(centre);
    return v.parse(headSchema, row);
  } finally {
    database.close();
  }
}
