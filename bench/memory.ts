import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dataFiles } from '#server/data-files.ts';
import { removeData, startServer, type RunningServer, type ServerOptions } from '../e2e/server.ts';
import { withBigTablet } from './big-tablet.ts';
import type { Figure } from './result.ts';
import { exchangeAsWriter, fillCentre, type Place } from './wire/fill-centre.ts';
import { makeRegion } from './wire/region.ts';

const restMs = 20_000;
const megabyte = 1_048_576;

/**
 * Memory of the server at rest: with the demonstration, and with 10,000 people and 50,000 marks, before and after a device
 * has loaded all of them. And of the field notebook with 10,000 people, a sheet of 200 and the register read for the search.
 */
export async function memory(): Promise<readonly Figure[]> {
  return [...(await ofDemonstration()), ...(await ofRegion()), ...(await ofFieldNotebook())];
}

async function ofDemonstration(): Promise<readonly Figure[]> {
  return withServer({ mode: 'demo' }, async (server) => [await atRest('the demonstration', server)]);
}

async function ofRegion(): Promise<readonly Figure[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'zimnik-bench-memory-'));
  const place = await fillCentre(dataFiles(dataDirectory).centre, makeRegion(Date.now()).changes, []);
  const name = '10,000 people and 50,000 marks';
  return withServer({ mode: 'fresh', dataDirectory }, async (server) => {
    const begun = await atRest(name, server);
    await loadEverything(server.url, place);
    return [begun, await atRest(`${name}, once loaded by a device`, server)];
  });
}

async function withServer(
  options: ServerOptions,
  measure: (server: RunningServer) => Promise<readonly Figure[]>
): Promise<readonly Figure[]> {
  const server = await startServer(options);
  try {
    return await measure(server);
  } finally {
    await server.stop();
    await removeData(server);
  }
}

/** What the process holds in memory some time after it was asked for something; Linux tells it. */
async function atRest(name: string, { pid }: RunningServer): Promise<Figure> {
  await pause(restMs);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  return {
    question: `memory of the server at rest, ${name}`,
    ours: Math.round(kilobytes / 1_024),
    unit: 'MB',
    target: 120
  };
}

/** Receives page after page, as a new tablet does. */
async function loadEverything(url: string, { epoch }: Place): Promise<void> {
  let cursors: Readonly<Record<string, number>> = {};
  for (;;) {
    const read = await exchangeAsWriter(url, { epoch, cursors, maxBytes: 4_000_000 });
    cursors = { ...cursors, ...Object.fromEntries(read.streams.map(({ stream, to }) => [stream, to])) };
    if (!read.streams.some(({ more }) => more)) return;
  }
}

async function ofFieldNotebook(): Promise<readonly Figure[]> {
  return withBigTablet(async ({ sheet, coldPage }) => {
    const page = await coldPage();
    await page.goto(sheet);
    await page.locator('button.mark').first().waitFor();
    // Somebody far down the register is found: it has been read, and the index for the search is made.
    await page.locator('input[type=search]').fill('шешеше');
    await page.locator('ul.rows[aria-busy=true]').waitFor({ state: 'detached' });
    await pause(restMs);
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    await session.send('Performance.enable');
    const { metrics } = await session.send('Performance.getMetrics');
    const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
    return [
      {
        question: 'memory of the field notebook, 10,000 people (JavaScript heap after collection)',
        ours: Math.round((used / megabyte) * 10) / 10,
        unit: 'MB',
        target: 80
      }
    ];
  });
}
