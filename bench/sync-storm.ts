import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { syncMediaType, syncResponseSchema } from '#domain/sync/protocol.ts';
import { dataFiles } from '#server/data-files.ts';
import { newDevice } from '#server/sync/authenticate.ts';
import { ensureCentre } from '#server/sync/centre.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { randomBytes } from '#server/platform.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import { zimnik, removeData, startServer, type RunningServer } from '../e2e/server.ts';
import { percentile } from './big-tablet.ts';
import type { Figure } from './result.ts';
import { makeMarks, type Mark } from './wire/marks.ts';

const devices = 1_000;
const marksEach = 100;
/** A village gets its connection back: everybody comes within so many ms. */
const arrivalMs = 10_000;

interface Tablet {
  readonly id: string;
  readonly secret: string;
  readonly marks: readonly Mark[];
}

/**
 * A week without a connection ends: 1,000 tablets bring 100 marks each to one server process on the embedded database. The
 * tablets run on the same machine as the server and take their part of its cores.
 */
export async function syncStorm(): Promise<readonly Figure[]> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'zimnik-bench-storm-'));
  const tablets = makeTablets();
  await enrolAll(dataDirectory, tablets);
  const server = await startServer({
    mode: 'fresh',
    dataDirectory,
    env: { ZIMNIK_ADDRESS_LIMIT: '1000000', ZIMNIK_LOG_LEVEL: 'error' }
  });
  try {
    const startedAt = performance.now();
    const told = await Promise.all(tablets.map((tablet, index) => bring(server, tablet, index)));
    const wholeMs = performance.now() - startedAt;
    const memory = peakMemory(server);
    await server.stop();
    const proved = await zimnik(['verify'], { ZIMNIK_DATA: dataDirectory });
    const whole = proved.printed.includes(`fold of ${devices * marksEach} operations`);
    const times = told.flatMap(({ answered }) => answered);
    return [
      {
        question: 'sync storm: operations not in the proved log',
        ours: whole ? 0 : devices * marksEach,
        unit: 'operations',
        target: 0
      },
      {
        question: 'sync storm: answers other than acknowledged or «come later»',
        ours: told.reduce((sum, { errors }) => sum + errors, 0),
        unit: 'answers',
        target: 0
      },
      {
        question: 'sync storm: an exchange, 99 of 100',
        ours: percentile(times, 0.99),
        unit: 'ms',
        target: 2_000
      },
      {
        question: 'sync storm: asked to come later',
        ours: told.reduce((sum, { later }) => sum + later, 0),
        unit: 'answers'
      },
      { question: 'sync storm: until everything is acknowledged', ours: Math.round(wholeMs), unit: 'ms' },
      { question: 'sync storm: memory of the server, peak', ours: memory, unit: 'MB', target: 300 }
    ];
  } finally {
    await server.stop();
    await removeData(server);
  }
}

function makeTablets(): readonly Tablet[] {
  return Array.from({ length: devices }, (_, index) => ({
    id: `tablet-${index}`,
    secret: `secret-of-tablet-${index}-0123456789`,
    marks: makeMarks(marksEach, index + 1)
  }));
}

async function enrolAll(dataDirectory: string, tablets: readonly Tablet[]): Promise<void> {
  const storage = openSqliteStorage({ file: dataFiles(dataDirectory).centre });
  await ensureCentre({ storage, centre: 'centre', random: randomBytes });
  await storage.withTransaction(async (tx) => {
    for (const { id, secret } of tablets) {
      const secretHash = nodeHashing.sha256(secret);
      await tx.putDevice(
        'centre',
        newDevice({ id, secretHash, role: 'field', user: 'u1', name: id, createdAt: 1 })
      );
    }
  });
  await storage.close();
}

/** Sends one tablet's marks until they are acknowledged, as its program does. */
async function bring(
  server: RunningServer,
  { id, secret, marks }: Tablet,
  index: number
): Promise<{ readonly answered: readonly number[]; readonly later: number; readonly errors: number }> {
  const answered: number[] = [];
  let later = 0;
  let errors = 0;
  await pause((index / devices) * arrivalMs);
  for (;;) {
    const startedAt = performance.now();
    const answer = await exchange(server, id, secret, marks).catch(() => undefined);
    answered.push(performance.now() - startedAt);
    if (answer?.kind === 'ok' && acknowledged(answer.acks) === marks.length)
      return { answered, later, errors };
    if (answer?.kind === 'slow_down') later += 1;
    else errors += 1;
    if (errors > 10) return { answered, later, errors };
    await pause(answer?.kind === 'slow_down' ? answer.after : 1_000);
  }
}

async function exchange(server: RunningServer, id: string, secret: string, marks: readonly Mark[]) {
  const ops = marks.map((mark, place) => ({
    n: place + 1,
    w: mark.at,
    c: 0,
    v: 1,
    by: 'u1',
    ch: [{ e: 'attendance', k: mark.id, set: { status: mark.status, at: mark.at }, base: 0 }]
  }));
  const answer = await fetch(`${server.url}/api/sync`, {
    method: 'POST',
    headers: { 'content-type': syncMediaType, authorization: `Bearer ${secret}` },
    body: JSON.stringify({
      z: 1,
      device: id,
      epoch: null,
      build: 'bench',
      now: Date.now(),
      clock: 0,
      oldestPending: marks[0]?.at ?? null,
      pending: marks.length,
      head: null,
      ops,
      cursors: {},
      maxBytes: 1_000
    })
  });
  return v.parse(syncResponseSchema, await answer.json());
}

function acknowledged(acks: readonly { readonly n: number; readonly to?: number | undefined }[]): number {
  return acks.reduce((sum, { n, to }) => sum + (to ?? n) - n + 1, 0);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Most that the server's process has held in memory, MB; Linux tells it. */
function peakMemory({ pid }: RunningServer): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}
