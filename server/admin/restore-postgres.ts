import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { fail, ok, type Result } from '#domain/result.ts';
import { dataFiles, ensureDataFolder } from '#server/data-files.ts';
import { LedgerFile, ledgersBeside, uniteWithLedger, type LedgerEntry } from '#server/erasure-ledger.ts';
import { connectedServers, openPostgresStorage } from '#server/storage/postgres-storage.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { verify } from '#server/sync/verify.ts';
import { dumpFile } from './backup-postgres.ts';
import { copyFilesIn } from './copy-files.ts';
import { readLabel } from './copy-label.ts';
import type { Progress } from './progress.ts';
import { announce, type RestoreDeps, type RestoreFailure, type RestoreReport } from './restore.ts';
import { runTool } from './run-tool.ts';

/**
 * Puts a dump in the place of a PostgreSQL database whose servers are stopped, in one transaction of `pg_restore`: either
 * all of it or nothing. Begins a new epoch, so that every device offers again what it has kept since the copy.
 */
export async function restorePostgres(
  copy: string,
  { url, dataFolder }: { readonly url: string; readonly dataFolder: string },
  deps: RestoreDeps,
  progress: Progress
): Promise<Result<RestoreReport, RestoreFailure>> {
  ensureDataFolder(dataFolder);
  const label = readLabel(copy);
  const dump = join(copy, dumpFile);
  if (label === undefined) return fail({ type: 'no_copy' });
  if (label.kind !== 'postgres' || !existsSync(dump)) return fail({ type: 'other_kind' });
  const before = await lookBefore(url, deps.centre);
  if (before.servers > 0)
    return fail({ type: 'in_use', holder: { type: 'connections', count: before.servers } });
  const trouble = await runTool('pg_restore', [
    '--clean',
    '--if-exists',
    '--no-owner',
    '--single-transaction',
    `--dbname=${url}`,
    dump
  ]);
  if (trouble !== undefined) return fail({ type: 'no_tool', trouble });
  const storage = await openPostgresStorage({ url });
  try {
    await copyFilesIn(copy, deps.store, progress);
    const report = await verify(storage, deps.centre, nodeHashing, progress, deps.store);
    const ledger = new LedgerFile(dataFiles(dataFolder).erased, deps.centre);
    ledger.add([...ledgersBeside(copy, deps.centre), ...before.erased]);
    await uniteWithLedger(storage, ledger, { ...deps, hashing: nodeHashing });
    await announce(storage, deps, before.revoked);
    if (report.findings.length > 0) return fail({ type: 'not_proved', findings: report.findings });
    return ok({ madeAt: label.at, seq: label.seq, movedTo: undefined, seqBefore: before.seq });
  } finally {
    await storage.close();
  }
}

/** Who works on the database now, how far its history goes, and who is revoked. */
async function lookBefore(
  url: string,
  centre: string
): Promise<{
  readonly servers: number;
  readonly seq: number | undefined;
  readonly revoked: ReadonlyMap<string, number>;
  readonly erased: readonly Omit<LedgerEntry, 'centre'>[];
}> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const servers = await connectedServers(client);
    const tables = await client.query<{ there: boolean }>(
      "SELECT to_regclass('devices') IS NOT NULL AS there"
    );
    if (tables.rows[0]?.there !== true) return { servers, seq: undefined, revoked: new Map(), erased: [] };
    const head = await client.query<{ seq: string }>('SELECT seq FROM centres WHERE id = $1', [centre]);
    const rows = await client.query<{ id: string; revoked_at: string }>(
      'SELECT id, revoked_at FROM devices WHERE centre = $1 AND revoked_at IS NOT NULL',
      [centre]
    );
    const isNew = await client.query<{ there: boolean }>("SELECT to_regclass('erased') IS NOT NULL AS there");
    const erased =
      isNew.rows[0]?.there === true
        ? await client.query<{ kind: LedgerEntry['kind']; name: string; at: string }>(
            'SELECT kind, name, at FROM erased WHERE centre = $1',
            [centre]
          )
        : { rows: [] };
    return {
      servers,
      seq: head.rows[0] === undefined ? undefined : Number(head.rows[0].seq),
      revoked: new Map(rows.rows.map((row) => [row.id, Number(row.revoked_at)])),
      erased: erased.rows.map(({ kind, name, at }) => ({ kind, name, at: Number(at) }))
    };
  } finally {
    await client.end();
  }
}
