import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFiles } from '#server/data-files.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import { enrolTablets, type Credentials } from '#simulation/processes/enrol.ts';
import { removeData, startServer, type RunningServer } from '../e2e/server.ts';
import type { Figure } from './result.ts';
import { fillCentre } from './wire/fill-centre.ts';
import { loadEverything, type Loaded } from './wire/first-load.ts';
import { makeRegion } from './wire/region.ts';

const crowd = 50;
/** The kernel counts a process's time in hundredths of a second. */
const tickMs = 10;
const env = { ZIMNIK_ADDRESS_LIMIT: '1000000', ZIMNIK_LOG_LEVEL: 'error' };

/**
 * What new tablets cost the server of a centre with 10,000 people and 50,000 marks: the first one after a start, the ones
 * after it, on a quick link and on a slow one, and fifty at once, before and after somebody has loaded.
 */
export async function manyNewDevices(): Promise<readonly Figure[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'zimnik-bench-crowd-'));
  const file = dataFiles(dataDirectory).centre;
  await fillCentre(file, makeRegion(Date.now()).changes, []);
  const tablets = Array.from({ length: 2 * crowd + 6 }, (_, index) => ({
    id: `tablet-${index}`,
    secret: `secret-of-tablet-${index}-0123456789`
  }));
  const storage = openSqliteStorage({ file });
  await enrolTablets(storage, tablets);
  await storage.close();
  const given = { mode: 'fresh', dataDirectory, env } as const;
  const next = (): Credentials => tablets.pop() ?? { id: '', secret: '' };
  const figures: Figure[] = [];

  let server = await startServer(given);
  try {
    const start = processorMs(server);
    const cold = await loadEverything(server.url, next());
    const afterFirst = processorMs(server);
    const warm = await Promise.all([loadEverything(server.url, next())]);
    const afterSecond = processorMs(server);
    for (let index = 0; index < 3; index += 1) warm.push(await loadEverything(server.url, next()));
    const afterFifth = processorMs(server);
    const slow = await loadEverything(server.url, next(), 60_000);
    const afterSlow = processorMs(server);
    figures.push(
      { question: 'new device, time of the server, the first', ours: afterFirst - start, unit: 'ms' },
      { question: 'new device, time of the server, the second', ours: afterSecond - afterFirst, unit: 'ms' },
      {
        question: 'new device, time of the server, those after it',
        ours: Math.round((afterFifth - afterSecond) / 3),
        unit: 'ms'
      },
      {
        question: 'new device, time of the server, on a slow link',
        ours: afterSlow - afterFifth,
        unit: 'ms'
      },
      { question: 'new device, bytes of the answers', ours: cold.bytes, unit: 'bytes', target: 300_000 },
      { question: 'new device, bytes of the answers, on a slow link', ours: slow.bytes, unit: 'bytes' },
      { question: 'new device, answers, on a slow link', ours: slow.answers, unit: 'answers' },
      { question: 'new device, largest answer, on a slow link', ours: slow.largest, unit: 'bytes' }
    );
    figures.push(...(await crowdAt(server, next, 'after others')));
  } finally {
    await server.stop();
  }
  server = await startServer(given);
  try {
    figures.push(...(await crowdAt(server, next, 'right after the start')));
  } finally {
    await server.stop();
    await removeData(server);
  }
  return figures;
}

async function crowdAt(
  server: RunningServer,
  next: () => Credentials,
  when: string
): Promise<readonly Figure[]> {
  const begun = processorMs(server);
  const startedAt = performance.now();
  const loads: readonly Loaded[] = await Promise.all(
    Array.from({ length: crowd }, () => loadEverything(server.url, next()))
  );
  const name = `${crowd} new devices at once, ${when}`;
  return [
    {
      question: `${name}: until all have everything`,
      ours: Math.round(performance.now() - startedAt),
      unit: 'ms'
    },
    { question: `${name}: time of the server`, ours: processorMs(server) - begun, unit: 'ms' },
    { question: `${name}: memory of the server, peak`, ours: peakMemory(server), unit: 'MB', target: 300 },
    {
      question: `${name}: asked to come later`,
      ours: loads.reduce((sum, { later }) => sum + later, 0),
      unit: 'answers'
    }
  ];
}

/** Processor time that the process has taken so far, in all its threads; Linux tells it. */
function processorMs({ pid }: RunningServer): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Most that the process has held in memory, MB. */
function peakMemory({ pid }: RunningServer): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}
