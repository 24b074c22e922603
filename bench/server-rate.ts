import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { newDevice } from '#server/sync/authenticate.ts';
import { ensureCentre } from '#server/sync/centre.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { Pokes } from '#server/sync/pokes.ts';
import { createSyncService } from '#server/sync/sync-service.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import { randomBytes } from '#server/platform.ts';
import { middle } from '#simulation/processes/outcome.ts';
import type { Figure } from './result.ts';
import { makeMarks, type Mark } from './wire/marks.ts';

const batch = 1_000;
const batches = 20;
const centre = 'centre';
const secret = 'secret-of-the-measured-tablet';
const unpack = promisify(gunzip);

/**
 * What the promises cost: gunzip, parse, judge, log, records, streams and commit of 1,000 marks, against bare inserts of the
 * same marks, prepared, one transaction a thousand. Both on SQLite that syncs every commit to the disk; and so are the very rows
 * that the pushes left, written again into the same tables: below that no program comes that keeps what this one keeps.
 */
export async function serverRate(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'zimnik-bench-rate-'));
  try {
    const marks = makeMarks(batch * batches, 1);
    const slices = Array.from({ length: batches }, (_, index) =>
      marks.slice(index * batch, (index + 1) * batch)
    );
    const ours = await pushAll(join(folder, 'centre.sqlite'), slices);
    const bare = insertAll(join(folder, 'bare.sqlite'), slices);
    const rows = await copyAll(join(folder, 'centre.sqlite'), join(folder, 'copy.sqlite'));
    const [mine, theirs] = [middle(ours), middle(bare)];
    return [
      {
        question: 'server: 1,000 marks judged and stored',
        ours: Math.round(mine * 10) / 10,
        unit: 'ms',
        // At least half of the rate of bare inserts.
        target: Math.round(theirs * 20) / 10,
        peer: 'bare inserts',
        theirs: Math.round(theirs * 10) / 10
      },
      {
        question: 'server: time of 10,000 marks',
        ours: Math.round(ours.slice(0, 10).reduce((sum, ms) => sum + ms, 0)),
        unit: 'ms'
      },
      {
        question: 'server: the rows of 1,000 marks in the same tables, written bare',
        ours: Math.round(middle(rows) * 10) / 10,
        unit: 'ms'
      }
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pushAll(file: string, slices: readonly (readonly Mark[])[]): Promise<readonly number[]> {
  const storage = openSqliteStorage({ file });
  const clock = (): number => Date.now();
  const deps = { storage, centre, clock, random: randomBytes, hashing: nodeHashing, pokes: new Pokes() };
  const { epoch } = await ensureCentre(deps);
  const secretHash = nodeHashing.sha256(secret);
  await storage.withTransaction((tx) =>
    tx.putDevice(
      centre,
      newDevice({ id: 'tablet', secretHash, role: 'field', user: 'u1', name: '', createdAt: 1 })
    )
  );
  const service = createSyncService(deps);
  const times: number[] = [];
  for (const [index, slice] of slices.entries()) {
    const ops = slice.map((mark, place) => ({
      n: index * batch + place + 1,
      w: mark.at,
      c: 0,
      v: 1,
      by: 'u1',
      ch: [{ e: 'attendance', k: mark.id, set: { status: mark.status, at: mark.at }, base: 0 }],
      ep: epoch
    }));
    const body = gzipSync(
      JSON.stringify({
        z: 1,
        device: 'tablet',
        epoch,
        build: 'bench',
        now: clock(),
        clock: 0,
        oldestPending: null,
        pending: batch,
        head: null,
        ops,
        cursors: {},
        maxBytes: 1_000
      })
    );
    const startedAt = performance.now();
    const answer = await service.exchange(JSON.parse((await unpack(body)).toString('utf8')), { secret });
    times.push(performance.now() - startedAt);
    if (answer.kind !== 'ok' || answer.acks.some(({ o }) => o !== 'applied'))
      throw new Error(`not applied: ${JSON.stringify(answer).slice(0, 300)}`);
  }
  await storage.close();
  return times;
}

function insertAll(file: string, slices: readonly (readonly Mark[])[]): readonly number[] {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE marks (id TEXT PRIMARY KEY, state TEXT NOT NULL)');
  const insert = database.prepare('INSERT INTO marks (id, state) VALUES (?, ?)');
  const times = slices.map((slice) => {
    const rows = slice.map((mark) => [mark.id, JSON.stringify(mark)] as const);
    const startedAt = performance.now();
    database.exec('BEGIN IMMEDIATE');
    for (const row of rows) insert.run(...row);
    database.exec('COMMIT');
    return performance.now() - startedAt;
  });
  database.close();
  return times;
}

/** The rows of each batch, read from one database and inserted into another of the same shape. */
async function copyAll(from: string, to: string): Promise<readonly number[]> {
  await openSqliteStorage({ file: to }).close();
  const source = new Database(from, { readonly: true });
  const database = new Database(to);
  database.pragma('synchronous = FULL');
  // As the server has it, or every third commit would also write the file.
  database.pragma('cache_size = -16384');
  database.pragma('wal_autocheckpoint = 4096');
  const tables = ['operations', 'touched', 'records', 'record_streams'].map((table) => {
    const select = source
      .prepare<[number, number], readonly unknown[]>(
        `SELECT * FROM ${table} WHERE seq > ? AND seq <= ? ORDER BY seq`
      )
      .raw();
    const columns = select.columns().map(() => '?');
    return { select, insert: database.prepare<unknown[]>(`INSERT INTO ${table} VALUES (${columns.join()})`) };
  });
  const times = Array.from({ length: batches }, (_, index) => {
    const parts = tables.map(({ select, insert }) => {
      const rows = select.all(index * batch, (index + 1) * batch);
      if (rows.length !== batch) throw new Error(`${rows.length} rows`);
      return { insert, rows };
    });
    const startedAt = performance.now();
    database.exec('BEGIN IMMEDIATE');
    for (const { insert, rows } of parts) for (const row of rows) insert.run(...row);
    database.exec('COMMIT');
    return performance.now() - startedAt;
  });
  source.close();
  database.close();
  return times;
}
