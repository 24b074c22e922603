import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext, Page } from '@playwright/test';
import { removeData, startServer, type RunningServer } from '../e2e/server.ts';
import { openBrowser } from './browser.ts';
import { importPeer } from './peers.ts';
import { bundle } from './wire/bundle.ts';
import type { Client } from './wire/clients.ts';
import { openLink, type CountingLink, type LinkShape } from '#simulation/processes/link.ts';
import type { Mark } from './wire/marks.ts';
import { openOrigin } from './wire/origin.ts';
import { openSecureFront } from './wire/secure-front.ts';
import type { BenchPage } from './wire/bench-page.ts';

/** On a link that dies again and again the first death comes so long after the beginning. */
export const firstDeathMs = 2_000;

/** What one client needed to bring its marks to the other side. */
export interface Sent {
  readonly requests: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly ms: number;
}

/** A client whose marks are on both sides. */
export interface Settled {
  /** Changes so many of its marks; nothing is sent yet. */
  readonly change: (count: number) => Promise<void>;
  /** Sends and receives until both sides are equal, and counts. */
  readonly exchange: () => Promise<Sent>;
}

/** A browser, a counting link, our real server and the peers' servers behind one address. */
export interface Ground {
  /** Stores the marks on a fast link, then sends them over `shape` and counts. */
  readonly sendMarks: (client: Client, marks: readonly Mark[], shape?: LinkShape) => Promise<Sent>;
  /** Stores the marks and brings both sides to be equal, on a fast link. */
  readonly settle: (client: Client, marks: readonly Mark[]) => Promise<Settled>;
}

/**
 * Installs the peers where they are missing and opens the ground for a measurement. `secure`: everybody is behind TLS and
 * HTTP/2, as in real use, and each byte of that is counted too; otherwise HTTP/1.1.
 */
export async function withGround<Value>(
  measure: (ground: Ground) => Promise<Value>,
  { secure = false } = {}
): Promise<Value> {
  const { createPeerServers } = (await importPeer('server.mjs')) as {
    createPeerServers: () => { app: Parameters<typeof openOrigin>[0]['peers'] };
  };
  const scripts = new Map([
    ['/ours.js', await bundle('wire/page-ours.ts')],
    ['/peers.js', await bundle('peers/page.mjs')]
  ]);
  const server = await startServer({ mode: 'demo' });
  const browser = await openBrowser();
  const contexts: BrowserContext[] = [];
  const closing: (() => void)[] = [];
  try {
    const openPage = async (url: string, whose: 'ours' | 'peers'): Promise<Page> => {
      const context = await browser.newContext({ ignoreHTTPSErrors: secure });
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(error));
      await page.goto(`${url}/bench/${whose}`);
      return page;
    };
    // Every client meets an empty server of its peer's kind and a link that nothing else uses.
    const freshLink = async (): Promise<CountingLink> => {
      const origin = await openOrigin({ scripts, zimnik: server.url, peers: createPeerServers().app });
      const front = secure ? await openSecureFront(origin.port) : origin;
      const opened = await openLink(front.port);
      closing.push(opened.close, front.close, origin.close);
      return secure ? { ...opened, url: opened.url.replace('http:', 'https:') } : opened;
    };
    const store = async (client: Client, marks: readonly Mark[]) => {
      const link = await freshLink();
      const page = await openPage(link.url, client === 'zimnik' ? 'ours' : 'peers');
      await page.evaluate(
        ([name, given, code]) =>
          (globalThis as unknown as { bench: BenchPage }).bench.store(name, given, code),
        [client, marks, enrolCode(server)] as const
      );
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      const count = async (act: 'send' | 'exchange', shape?: LinkShape): Promise<Sent> => {
        requests.length = 0;
        link.shape(shape);
        // A link that dies does so while something is on its way.
        if (shape?.diesEveryMs !== undefined) await pause(shape.diesEveryMs - firstDeathMs);
        link.reset();
        const ms = await page.evaluate(
          (name) => (globalThis as unknown as { bench: BenchPage }).bench[name](),
          act
        );
        return { requests: requests.length, bytesUp: link.bytesUp(), bytesDown: link.bytesDown(), ms };
      };
      return { page, count };
    };
    return await measure({
      sendMarks: async (client, marks, shape) => {
        const { page, count } = await store(client, marks);
        const sent = await count('send', shape);
        await page.context().close();
        return sent;
      },
      settle: async (client, marks) => {
        const { page, count } = await store(client, marks);
        // What a client has sent itself, some receive once more before they know that both sides are equal.
        await count('exchange');
        await count('exchange');
        return {
          exchange: () => count('exchange'),
          change: (changed) =>
            page.evaluate(
              (given) => (globalThis as unknown as { bench: BenchPage }).bench.change(given),
              changed
            )
        };
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
