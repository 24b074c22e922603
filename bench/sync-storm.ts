import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { syncMediaType, syncResponseSchema } from '#domain/sync/protocol.ts';
import { dataFiles } from '#server/data-files.ts';
import { startPostgres } from '#scripts/postgres.mjs';
import { openPostgresStorage } from '#server/storage/postgres-storage.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import { enrolTablets } from '#simulation/processes/enrol.ts';
import { zimnik, removeData, startServer, type RunningServer } from '../e2e/server.ts';
import { percentile } from './big-tablet.ts';
import type { Figure } from './result.ts';
import { emptyRequest } from './wire/empty-request.ts';
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

/** What the tablets meet: an address that leads to one server process or to several over the same data. */
interface Place {
  readonly name: string;
  readonly servers: readonly RunningServer[];
  readonly verify: () => Promise<string>;
}

/**
 * A week without a connection ends: 1,000 tablets bring 100 marks each to one server process on the embedded database, and
 * to two processes on PostgreSQL. The tablets run on the same machine as the servers and take their part of its cores.
 */
export async function syncStorm(): Promise<readonly Figure[]> {
  return [...(await embedded(storm)), ...(await shared(storm))];
}

async function storm({ name, servers, verify }: Place): Promise<readonly Figure[]> {
  const tablets = makeTablets();
  const startedAt = performance.now();
  const told = await Promise.all(
    tablets.map((tablet, index) => bring(servers[index % servers.length]?.url ?? '', tablet, index))
  );
  const wholeMs = performance.now() - startedAt;
  const memory = Math.max(...servers.map(peakMemory));
  await Promise.all(servers.map((server) => server.stop()));
  const whole = (await verify()).includes(`fold of ${(devices * marksEach).toLocaleString('en')} operations`);
  const times = told.flatMap(({ answered }) => answered);
  const tries = told.map(({ answered }) => answered.length);
  return [
    {
      question: `${name}: operations not in the proved log`,
      ours: whole ? 0 : devices * marksEach,
      unit: 'operations',
      target: 0
    },
    {
      question: `${name}: answers other than acknowledged or «come later»`,
      ours: told.reduce((sum, { errors }) => sum + errors, 0),
      unit: 'answers',
      target: 0
    },
    { question: `${name}: an exchange, 99 of 100`, ours: percentile(times, 0.99), unit: 'ms', target: 2_000 },
    {
      question: `${name}: asked to come later`,
      ours: told.reduce((sum, { later }) => sum + later, 0),
      unit: 'answers'
    },
    {
      question: `${name}: exchanges of the tablet that had to ask most often`,
      ours: Math.max(...tries),
      unit: 'exchanges'
    },
    { question: `${name}: until everything is acknowledged`, ours: Math.round(wholeMs), unit: 'ms' },
    { question: `${name}: memory of a server, peak`, ours: memory, unit: 'MB', target: 300 }
  ];
}

const env = { ZIMNIK_ADDRESS_LIMIT: '1000000', ZIMNIK_LOG_LEVEL: 'error' };

async function embedded<Value>(measure: (place: Place) => Promise<Value>): Promise<Value> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'zimnik-bench-storm-'));
  const storage = openSqliteStorage({ file: dataFiles(dataDirectory).centre });
  await enrolTablets(storage, makeTablets());
  await storage.close();
  const server = await startServer({ mode: 'fresh', dataDirectory, env });
  try {
    return await measure({
      name: 'sync storm',
      servers: [server],
      verify: async () => (await zimnik(['verify'], { ZIMNIK_DATA: dataDirectory })).printed
    });
  } finally {
    await server.stop();
    await removeData(server);
  }
}

async function shared<Value>(measure: (place: Place) => Promise<Value>): Promise<Value> {
  const postgres = await startPostgres({ durable: true });
  const storage = await openPostgresStorage({ url: postgres.url, readers: 1 });
  await enrolTablets(storage, makeTablets());
  await storage.close();
  const given = { mode: 'fresh', env: { ...env, DATABASE_URL: postgres.url } } as const;
  const servers = [await startServer(given), await startServer(given)];
  try {
    return await measure({
      name: 'sync storm, two processes on PostgreSQL',
      servers,
      verify: async () => (await zimnik(['verify'], given.env)).printed
    });
  } finally {
    for (const server of servers) {
      await server.stop();
      await removeData(server);
    }
    await postgres.stop();
  }
}

function makeTablets(): readonly Tablet[] {
  return Array.from({ length: devices }, (_, index) => ({
    id: `tablet-${index}`,
    secret: `secret-of-tablet-${index}-0123456789`,
    marks: makeMarks(marksEach, index + 1)
  }));
}

/** Sends one tablet's marks until they are acknowledged, as its program does. */
async function bring(
  url: string,
  { id, secret, marks }: Tablet,
  index: number
): Promise<{ readonly answered: readonly number[]; readonly later: number; readonly errors: number }> {
  const answered: number[] = [];
  let later = 0;
  let errors = 0;
  await pause((index / devices) * arrivalMs);
  for (;;) {
    const startedAt = performance.now();
    const answer = await exchange(url, id, secret, marks).catch(() => undefined);
    answered.push(performance.now() - startedAt);
    if (answer?.kind === 'ok' && acknowledged(answer.acks) === marks.length)
      return { answered, later, errors };
    if (answer?.kind === 'slow_down') later += 1;
    else errors += 1;
    if (errors > 10) return { answered, later, errors };
    await pause(answer?.kind === 'slow_down' ? answer.after : 1_000);
  }
}

async function exchange(url: string, id: string, secret: string, marks: readonly Mark[]) {
  const ops = marks.map((mark, place) => ({
    n: place + 1,
    w: mark.at,
    c: 0,
    v: 1,
    by: 'u1',
    ch: [{ e: 'attendance', k: mark.id, set: { status: mark.status, at: mark.at }, base: 0 }]
  }));
  const answer = await fetch(`${url}/api/sync`, {
    method: 'POST',
    headers: { 'content-type': syncMediaType, authorization: `Bearer ${secret}` },
    body: JSON.stringify({
      ...emptyRequest(id, 1_000),
      oldestPending: marks[0]?.at ?? null,
      pending: marks.length,
      ops
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
