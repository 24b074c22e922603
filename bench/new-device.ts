import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFiles } from '#server/data-files.ts';
import { centreId, randomBytes } from '#server/platform.ts';
import { newDevice } from '#server/sync/authenticate.ts';
import { ensureCentre } from '#server/sync/centre.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { Pokes } from '#server/sync/pokes.ts';
import { createSyncService } from '#server/sync/sync-service.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import { removeData, startServer, type RunningServer } from '../e2e/server.ts';
import { openBrowser } from './browser.ts';
import type { Figure } from './result.ts';
import { bundle } from './wire/bundle.ts';
import { openLink, slowLink, type LinkShape } from '#simulation/processes/link.ts';
import { openOrigin } from './wire/origin.ts';
import type { NewDevicePage, NewDeviceTimes } from './wire/page-new-device.ts';
import { makeRegion, type Region } from './wire/region.ts';

const secret = 'secret-of-the-tablet-that-wrote';
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
  await fill(dataFiles(dataDirectory).centre, region);
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

/** A centre's database with the region in it, written by one tablet, and codes for new ones. */
async function fill(file: string, region: Region): Promise<void> {
  const storage = openSqliteStorage({ file });
  const base = { storage, centre: centreId, clock: Date.now, random: randomBytes, hashing: nodeHashing };
  const { epoch } = await ensureCentre(base);
  const createdAt = Date.now();
  await storage.withTransaction(async (tx) => {
    const secretHash = nodeHashing.sha256(secret);
    await tx.putDevice(
      centreId,
      newDevice({ id: 'writer', secretHash, role: 'field', user: 'u1', name: '', createdAt })
    );
    for (const code of codes)
      await tx.putEnrolment(centreId, {
        codeHash: nodeHashing.sha256(code),
        role: 'field',
        user: 'u2',
        deviceName: 'Планшет',
        holderPhone: null,
        createdAt,
        expiresAt: createdAt + 86_400_000,
        usedAt: null,
        usedBy: null
      });
  });
  const service = createSyncService({ ...base, pokes: new Pokes() });
  const most = 1_000;
  for (let from = 0; from < region.changes.length; from += most) {
    const ops = region.changes.slice(from, from + most).map(({ type, id, set }, index) => {
      // Taps fall anywhere within their second.
      const at = 'at' in set && typeof set.at === 'number' ? set.at + ((index * 7_919) % 1_000) : createdAt;
      return {
        n: from + index + 1,
        w: at,
        c: 0,
        v: 1,
        by: 'u1',
        ch: [{ e: type, k: id, set, base: 0 }],
        ep: epoch
      };
    });
    const request = {
      z: 1,
      device: 'writer',
      epoch,
      build: 'bench',
      now: Date.now(),
      clock: 0,
      head: null,
      ops
    };
    const answer = await service.exchange(
      { ...request, oldestPending: null, pending: ops.length, cursors: {}, maxBytes: 1_000 },
      { secret }
    );
    if (answer.kind !== 'ok') throw new Error(`not taken: ${JSON.stringify(answer).slice(0, 300)}`);
  }
  await storage.close();
}
