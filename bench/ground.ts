import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { removeData, startServer, type RunningServer } from '../e2e/server.ts';
import { openBrowser } from './browser.ts';
import { bundle } from './wire/bundle.ts';
import type { Client } from './wire/clients.ts';
import { openLink, type CountingLink, type LinkShape } from '#simulation/processes/link.ts';
import type { Mark } from './wire/marks.ts';
import { openOrigin } from './wire/origin.ts';
import type { BenchPage } from './wire/bench-page.ts';

const peersFolder = fileURLToPath(new URL('peers', import.meta.url));

/** What one client needed to bring its marks to the other side. */
export interface Sent {
  readonly requests: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly ms: number;
}

/** A browser, a counting link, our real server and the peers' servers behind one address. */
export interface Ground {
  /** Stores the marks on a fast link, then sends them over `shape` and counts. */
  readonly sendMarks: (client: Client, marks: readonly Mark[], shape?: LinkShape) => Promise<Sent>;
}

/** Installs the peers where they are missing and opens the ground for a measurement. */
export async function withGround<Value>(measure: (ground: Ground) => Promise<Value>): Promise<Value> {
  installPeers();
  const scripts = new Map([
    ['/ours.js', await bundle('wire/page-ours.ts')],
    ['/peers.js', await bundle('peers/page.mjs')]
  ]);
  const server = await startServer({ mode: 'demo' });
  const { createPeerServers } = (await import(pathToFileURL(`${peersFolder}/server.mjs`).href)) as {
    createPeerServers: () => { app: Parameters<typeof openOrigin>[0]['peers'] };
  };
  const browser = await openBrowser();
  const contexts: BrowserContext[] = [];
  const closing: (() => void)[] = [];
  try {
    const openPage = async (url: string, whose: 'ours' | 'peers'): Promise<Page> => {
      const context = await browser.newContext();
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(error));
      await page.goto(`${url}/bench/${whose}`);
      return page;
    };
    // Every client meets an empty server of its peer's kind and a link that nothing else uses.
    const freshLink = async (): Promise<CountingLink> => {
      const origin = await openOrigin({ scripts, zimnik: server.url, peers: createPeerServers().app });
      const opened = await openLink(origin.port);
      closing.push(opened.close, origin.close);
      return opened;
    };
    return await measure({
      sendMarks: async (client, marks, shape) => {
        const own = await freshLink();
        const page = await openPage(own.url, client === 'zimnik' ? 'ours' : 'peers');
        await page.evaluate(
          ([name, given, code]) =>
            (globalThis as unknown as { bench: BenchPage }).bench.store(name, given, code),
          [client, marks, enrolCode(server)] as const
        );
        const requests: string[] = [];
        page.on('request', (request) => requests.push(request.url()));
        own.reset();
        own.shape(shape);
        const ms = await page.evaluate(() => (globalThis as unknown as { bench: BenchPage }).bench.send());
        await page.context().close();
        return { requests: requests.length, bytesUp: own.bytesUp(), bytesDown: own.bytesDown(), ms };
      }
    });
  } finally {
    closing.forEach((close) => close());
    await browser.close();
    await server.stop();
    await removeData(server);
  }
}

/** The code of the demonstration's connection link, which may be used again and again. */
function enrolCode(server: RunningServer): string {
  return (
    server
      .links()
      .find((link) => link.includes('/enrol/'))
      ?.split('/')
      .at(-1) ?? ''
  );
}

function installPeers(): void {
  if (existsSync(`${peersFolder}/node_modules/rxdb`)) return;
  console.log('  installing the peers to measure against (about a minute)…');
  const { status, stderr } = spawnSync('npm', ['ci'], { cwd: peersFolder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The peers were not installed:\n${stderr}`);
}
