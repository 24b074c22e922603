import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFiles } from '#server/data-files.ts';
import { removeData, startServer, type RunningServer } from '../e2e/server.ts';
import { openBrowser } from './browser.ts';
import type { Figure } from './result.ts';
import { bundle } from './wire/bundle.ts';
import { fillCentre } from './wire/fill-centre.ts';
import { openLink, slowLink, type LinkShape } from '#simulation/processes/link.ts';
import { openOrigin } from './wire/origin.ts';
import type { NewDevicePage, NewDeviceTimes } from './wire/page-new-device.ts';
import { makeRegion, type Region } from './wire/region.ts';

/** One code a load: each connects a device. */
const codes = ['code-of-a-fast-link', 'code-of-a-slow-link', 'code-of-a-dying-link'] as const;
const dying: LinkShape = { ...slowLink, diesEveryMs: 20_000 };

/**
 * A new tablet in a centre with 10,000 people and 50,000 marks at 1,000 sessions: bytes down with all heads, the sheet of
 * tomorrow's event and the whole register at 2G, and what a link that dies every 20 s makes it receive twice.
 */
export async function newDeviceLoad(): Promise<readonly Figure[]> {
  const region = makeRegion(Date.now());
  const dataDirectory = await mkdtemp(join(tmpdir(), 'zimnik-bench-region-'));
  await fillCentre(dataFiles(dataDirectory).centre, region.changes, codes);
  const server = await startServer({ mode: 'fresh', dataDirectory });
  try {
    const script = await bundle('wire/page-new-device.ts');
    const load = (code: string, shape?: LinkShape) => loadBy(server, script, region, code, shape);
    const fast = await load(codes[0]);
    const slow = await load(codes[1], slowLink);
    const cut = await load(codes[2], dying);
    const seconds = (ms: number): number => Math.round(ms / 100) / 10;
    return [
      { question: 'new device, bytes down', ours: fast.bytesDown, unit: 'bytes', target: 300_000 },
      { question: 'new device, requests', ours: fast.requests, unit: 'requests' },
      {
        question: 'new device at 2G, sheet of the next event',
        ours: seconds(slow.sheetMs),
        unit: 's',
        target: 15
      },
      { question: 'new device at 2G, everything', ours: seconds(slow.wholeMs), unit: 's', target: 90 },
      {
        question: 'new device, link dies every 20 s, received twice',
        ours: Math.round((cut.bytesDown / slow.bytesDown - 1) * 1_000) / 10,
        unit: '%',
        target: 15
      },
      { question: 'new device, link dies every 20 s, everything', ours: seconds(cut.wholeMs), unit: 's' }
    ];
  } finally {
    await server.stop();
    await removeData(server);
  }
}

type Load = NewDeviceTimes & { readonly requests: number; readonly bytesDown: number };

async function loadBy(
  server: RunningServer,
  script: string,
  { next, expected }: Region,
  code: string,
  shape: LinkShape | undefined
): Promise<Load> {
  const origin = await openOrigin({
    scripts: new Map([['/new-device.js', script]]),
    zimnik: server.url,
    peers: (_, response) => response.writeHead(404).end()
  });
  const link = await openLink(origin.port);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(`${link.url}/bench/new-device`);
    let requests = 0;
    page.on('request', () => (requests += 1));
    link.reset();
    link.shape(shape);
    const times = await page.evaluate(
      ([given, session, people]) =>
        (globalThis as unknown as { newDevice: NewDevicePage }).newDevice.load(given, session, people),
      [code, next, expected] as const
    );
    return { ...times, requests, bytesDown: link.bytesDown() };
  } finally {
    await browser.close();
    link.close();
    origin.close();
  }
}
