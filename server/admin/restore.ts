import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { fail, ok, type Result } from '#domain/result.ts';
import { dataFiles } from '#server/data-files.ts';
import { tryLock, type Holder } from '#server/data-lock.ts';
import { LedgerFile, ledgersBeside, uniteWithLedger, type LedgerEntry } from '#server/erasure-ledger.ts';
import { openDiskStore, type FileStore } from '#server/files/file-store.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import type { ServerStorage } from '#server/storage/server-storage.ts';
import { announceRestore } from '#server/sync/centre.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { copyFilesIn } from './copy-files.ts';
import { readLabel, sync } from './copy-label.ts';
import { placeTrouble, type PlaceTrouble } from './place-trouble.ts';
import type { Progress } from './progress.ts';
import { proveCopy, type CopyDamage } from './prove-copy.ts';
import type { ToolTrouble } from './run-tool.ts';

export interface RestoreReport {
  /** UTC ms at which the copy was made. */
  readonly madeAt: number;
  /** Number of the last operation in the copy. */
  readonly seq: number;
  /** Where what was in the data folder lies now; undefined = it was empty. */
  readonly movedTo: string | undefined;
  /** Number of the last operation in what was there; undefined = nothing, or it cannot be read. */
  readonly seqBefore: number | undefined;
}
export type RestoreFailure =
  | { readonly type: 'no_copy' }
  /** The copy is of the other kind of database. */
  | { readonly type: 'other_kind' }
  | { readonly type: 'in_use'; readonly holder: Holder }
  | { readonly type: 'no_tool'; readonly trouble: ToolTrouble }
  /** The data folder cannot be written: its disk is full, or it belongs to somebody else. Nothing was put in place yet. */
  | { readonly type: 'no_place'; readonly trouble: PlaceTrouble }
  | CopyDamage;

/** A restore was cut off while it put the files in place: which of them are the new ones is not known. */
export class UnfinishedRestore extends Error {
  constructor() {
    super('a restore was cut off');
  }
}

export interface RestoreDeps {
  readonly centre: string;
  readonly random: (length: number) => Uint8Array;
  readonly clock: () => number;
  /** Where the pictures go; those that are there stay. */
  readonly store: FileStore;
}

/**
 * Puts a copy in the place of a data folder whose server is stopped. The copy is proved first; what was in the folder is
 * moved aside, never deleted; what was erased for ever is erased from the copy too. Begins a new epoch, so that every device offers again what it has kept since the copy.
 */
export async function restore(
  copy: string,
  dataFolder: string,
  deps: RestoreDeps,
  progress: Progress
): Promise<Result<RestoreReport, RestoreFailure>> {
  const label = readLabel(copy);
  if (label === undefined) return fail({ type: 'no_copy' });
  if (label.kind !== 'sqlite') return fail({ type: 'other_kind' });
  const lock = tryLock(dataFolder, 'zimnik restore');
  if (!lock.ok) return lock;
  const { staging } = dataFiles(dataFolder);
  const part = `${staging}.part`;
  try {
    for (const leftover of [staging, part]) rmSync(leftover, { recursive: true, force: true });
    mkdirSync(part, { mode: 0o700 });
    copyFiles(copy, part);
    const proved = await proveCopy(part, deps.centre, progress, openDiskStore(dataFiles(copy).files));
    if (!proved.ok) return proved;
    const before = readBefore(dataFiles(dataFolder).centre, deps.centre);
    const storage = openSqliteStorage({ file: dataFiles(part).centre });
    const ledger = new LedgerFile(dataFiles(dataFolder).erased, deps.centre);
    ledger.add([...ledgersBeside(copy, deps.centre), ...before.erased]);
    await uniteWithLedger(storage, ledger, { ...deps, hashing: nodeHashing });
    await announce(storage, deps, before.revoked);
    await storage.close();
    await copyFilesIn(copy, deps.store, progress);
    renameSync(part, staging);
    const movedTo = swap(dataFolder, staging, deps.clock());
    // Whoever puts a copy here means it to be served.
    rmSync(dataFiles(dataFolder).moved, { force: true });
    return ok({ madeAt: label.at, seq: proved.value.seq, movedTo, seqBefore: before.seq });
  } catch (error) {
    const trouble = placeTrouble(error);
    // With the staged files in place it is not known which of them are the new ones.
    if (trouble === undefined || existsSync(staging)) throw error;
    return fail({ type: 'no_place', trouble });
  } finally {
    if (existsSync(part)) rmSync(part, { recursive: true });
    lock.value.release();
  }
}

/** A new epoch; the copy is itself a backup of everything up to its end; who was revoked since stays revoked. */
export async function announce(
  storage: ServerStorage,
  deps: Omit<RestoreDeps, 'clock' | 'store'>,
  revoked: ReadonlyMap<string, number>
): Promise<void> {
  await announceRestore({ storage, centre: deps.centre, random: deps.random });
  await storage.withTransaction(async (tx) => {
    const centre = await tx.centre(deps.centre);
    if (centre !== undefined)
      await tx.putCentre({ ...centre, durable: Math.max(centre.durable, centre.seq) });
    for (const [id, revokedAt] of revoked) {
      const device = await tx.device(deps.centre, id);
      if (device?.revokedAt === null) await tx.putDevice(deps.centre, { ...device, revokedAt });
    }
  });
}

function copyFiles(from: string, to: string): void {
  for (const name of ['centre', 'accounts', 'secret'] as const) {
    const source = dataFiles(from)[name];
    const target = dataFiles(to)[name];
    if (!existsSync(source)) continue;
    copyFileSync(source, target);
    chmodSync(target, 0o600);
    sync(target);
  }
}

const revokedSchema = v.array(v.object({ id: v.string(), revoked_at: v.number() }));
const erasedSchema = v.array(
  v.object({ kind: v.picklist(['id', 'attachment']), name: v.string(), at: v.number() })
);
const headSchema = v.object({ seq: v.number() });

/** What the databases that are replaced still tell; a damaged one tells nothing. */
function readBefore(
  file: string,
  centre: string
): {
  readonly seq: number | undefined;
  readonly revoked: ReadonlyMap<string, number>;
  readonly erased: readonly Omit<LedgerEntry, 'centre'>[];
} {
  const nothing = { seq: undefined, revoked: new Map<string, number>(), erased: [] };
  if (!existsSync(file)) return nothing;
  try {
    const database = new Database(file, { readonly: true });
    try {
      const head = database.prepare('SELECT seq FROM centres WHERE id = ?').get(centre);
      const rows = database
        .prepare('SELECT id, revoked_at FROM devices WHERE centre = ? AND revoked_at IS NOT NULL')
        .all(centre);
      const revoked = v.parse(revokedSchema, rows).map((row) => [row.id, row.revoked_at] as const);
      const isNew = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'erased'").get() !== undefined;
      const erased = isNew
        ? database.prepare('SELECT kind, name, at FROM erased WHERE centre = ?').all(centre)
        : [];
      return {
        seq: v.parse(headSchema, head).seq,
        revoked: new Map(revoked),
        erased: v.parse(erasedSchema, erased)
      };
    } finally {
      database.close();
    }
  } catch {
    // Being damaged is the usual reason for a restore.
    return nothing;
  }
}

/**
 * Moves the present files aside and the staged ones into their place. The staging folder goes last: as long as it is
 * there, a server refuses to start, and `restore` has to be said again.
 */
function swap(dataFolder: string, staging: string, now: number): string | undefined {
  const present = dataFiles(dataFolder);
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(':', '');
  const aside = join(dataFolder, `before-restore-${stamp}Z`);
  let isAnything = false;
  for (const name of ['centre', 'accounts', 'secret'] as const) {
    for (const beside of ['', '-wal', '-shm']) {
      const file = `${present[name]}${beside}`;
      if (!existsSync(file)) continue;
      if (!isAnything) mkdirSync(aside, { recursive: true, mode: 0o700 });
      isAnything = true;
      renameSync(file, `${dataFiles(aside)[name]}${beside}`);
    }
  }
  for (const name of ['secret', 'accounts', 'centre'] as const) {
    const staged = dataFiles(staging)[name];
    for (const beside of ['', '-wal', '-shm'])
      if (existsSync(`${staged}${beside}`)) renameSync(`${staged}${beside}`, `${present[name]}${beside}`);
  }
  sync(dataFolder);
  rmSync(staging, { recursive: true });
  sync(dataFolder);
  return isAnything ? aside : undefined;
}
