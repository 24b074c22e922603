import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mulberry32 } from '#domain/mulberry32.ts';
import { dataFiles } from '#server/data-files.ts';
import { openLink } from '#simulation/processes/link.ts';
import { middle } from '#simulation/processes/outcome.ts';
import type { AnyChange } from '$lib/storage/write.ts';
import { removeData, startServer } from '../e2e/server.ts';
import { openBrowser } from './browser.ts';
import { withGround, type Ground } from './ground.ts';
import type { Figure } from './result.ts';
import { bundle } from './wire/bundle.ts';
import { randomId } from './wire/chance.ts';
import { clientNames, type Client } from './wire/clients.ts';
import { exchangeAsWriter, fillCentre, type Place } from './wire/fill-centre.ts';
import { makeMarks, type Mark } from './wire/marks.ts';
import { openOrigin } from './wire/origin.ts';
import type { SettledPage } from './wire/page-settled.ts';
import { openSecureFront } from './wire/secure-front.ts';

const changed = 10;
const few = 10_000;
const many = 1_000_000;
const rounds = 31;
const code = 'code-of-the-measured-tablet';
const peers: readonly Client[] = ['pouchdb', 'rxdb'];

/**
 * A device that has everything changes ten records and sends them, and receives ten that another one has changed: requests,
 * all bytes of both ways behind TLS and HTTP/2, and the server's time, with 10,000 and with 1,000,000 records at the server.
 */
export async function tenChanges(): Promise<readonly Figure[]> {
  const [small, large] = [await exchangeAt(few), await exchangeAt(many)];
  const at = (records: number): string => `ten changes among ${records.toLocaleString('en')} records`;
  const figures: Figure[] = [
    ...[[small, few] as const, [large, many] as const].flatMap(([of, records]): Figure[] => [
      { question: `${at(records)}, requests`, ours: of.sent.requests, unit: 'requests', target: 1 },
      { question: `${at(records)}, bytes both ways`, ours: of.sent.bytes, unit: 'bytes', target: 1_500 },
      {
        question: `${at(records)}, received, requests`,
        ours: of.received.requests,
        unit: 'requests',
        target: 1
      },
      {
        question: `${at(records)}, received, bytes both ways`,
        ours: of.received.bytes,
        unit: 'bytes',
        target: 1_500
      }
    ]),
    { question: `${at(few)}, time of the server`, ours: small.sent.ms, unit: 'ms' },
    {
      question: `${at(many)}, time of the server`,
      ours: large.sent.ms,
      unit: 'ms',
      target: tenth(small.sent.ms * 1.5)
    },
    { question: `${at(few)}, received, time of the server`, ours: small.received.ms, unit: 'ms' },
    {
      question: `${at(many)}, received, time of the server`,
      ours: large.received.ms,
      unit: 'ms',
      target: tenth(small.received.ms * 1.5)
    }
  ];
  return [...figures, ...(await ofPeers(at(few), small.sent))];
}

interface Cost {
  readonly requests: number;
  readonly bytes: number;
  /** Of the server, ms to the first byte of its answer. */
  readonly ms: number;
}

async function ofPeers(question: string, ours: Cost): Promise<readonly Figure[]> {
  const measure = async ({ settle }: Ground): Promise<readonly Figure[]> => {
    const marks = makeMarks(few, 1);
    const figures: Figure[] = [];
    for (const client of peers) {
      const { change, exchange } = await settle(client, marks);
      await change(changed);
      const { requests, bytesUp, bytesDown } = await exchange();
      const peer = clientNames[client];
      figures.push(
        { question: `${question}, requests`, ours: ours.requests, unit: 'requests', peer, theirs: requests },
        {
          question: `${question}, bytes both ways`,
          ours: ours.bytes,
          unit: 'bytes',
          peer,
          theirs: bytesUp + bytesDown
        }
      );
    }
    return figures;
  };
  return withGround(measure, { secure: true });
}

async function exchangeAt(records: number): Promise<{ readonly sent: Cost; readonly received: Cost }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'zimnik-bench-ten-'));
  const place = await fillCentre(dataFiles(dataDirectory).centre, manyMarks(records), [code]);
  const server = await startServer({
    mode: 'fresh',
    dataDirectory,
    env: { ZIMNIK_ADDRESS_LIMIT: '1000000' }
  });
  const origin = await openOrigin({
    scripts: new Map([['/settled.js', await bundle('wire/page-settled.ts')]]),
    zimnik: server.url,
    peers: (_, response) => response.writeHead(404).end()
  });
  const front = await openSecureFront(origin.port);
  const link = await openLink(front.port);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    page.on('pageerror', (error) => console.error(error));
    await page.goto(`${link.url.replace('http:', 'https:')}/bench/settled`);
    const marks = makeMarks(changed, 2);
    await page.evaluate(
      ([given, stands, own]) =>
        (globalThis as unknown as { settled: SettledPage }).settled.open(given, stands, own),
      [code, place, marks] as const
    );
    let requests = 0;
    page.on('request', () => (requests += 1));
    /** Lets the device exchange, and counts. */
    const cost = async (expected?: string): Promise<Cost> => {
      requests = 0;
      link.reset();
      const before = await exchangeSeconds(server.url);
      const status = await page.evaluate(() =>
        (globalThis as unknown as { settled: SettledPage }).settled.exchange()
      );
      if (expected !== undefined && status !== expected)
        throw new Error(`The device holds ${String(status)}`);
      const ms = (await exchangeSeconds(server.url)) - before;
      return { requests, bytes: link.bytesUp() + link.bytesDown(), ms: ms * 1_000 };
    };
    const sent: Cost[] = [];
    const received: Cost[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await page.evaluate(() => (globalThis as unknown as { settled: SettledPage }).settled.change());
      sent.push(await cost());
      const status = round % 2 === 0 ? 'absent' : 'present';
      await changeElsewhere(server.url, place, records + round * changed, marks, status);
      received.push(await cost(status));
    }
    return { sent: half(sent), received: half(received) };
  } finally {
    await browser.close();
    link.close();
    front.close();
    origin.close();
    await server.stop();
    await removeData(server);
  }
}

function half(costs: readonly Cost[]): Cost {
  return {
    requests: middle(costs.map(({ requests }) => requests)),
    bytes: middle(costs.map(({ bytes }) => bytes)),
    ms: tenth(middle(costs.map(({ ms }) => ms)))
  };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Marks of so many records, 25 a session, made one by one: a million of them fill no memory. */
function* manyMarks(count: number): Generator<AnyChange> {
  const random = mulberry32(3);
  const people = Array.from({ length: 25 }, () => randomId(random));
  let at = 1_700_000_000_000;
  for (let made = 0; made < count;) {
    const session = randomId(random);
    for (const person of people) {
      if (made === count) return;
      made += 1;
      at += 1_000;
      yield { type: 'attendance', id: `${session}~${person}`, set: { status: 'present', at } };
    }
  }
}

/** The tablet that filled the centre corrects the marks too, after it has seen them. */
async function changeElsewhere(
  url: string,
  { epoch }: Place,
  lastNumber: number,
  marks: readonly Mark[],
  status: string
): Promise<void> {
  const ask = async (ops: readonly unknown[]) => {
    const read = await exchangeAsWriter(url, { epoch, ops, maxBytes: 1_000 });
    if (read.acks.some(({ o }) => o !== 'applied'))
      throw new Error(`not applied: ${JSON.stringify(read).slice(0, 300)}`);
    return read;
  };
  const base = (await ask([])).head[0];
  await ask(
    marks.map(({ id }, place) => ({
      n: lastNumber + place + 1,
      w: Date.now(),
      c: 0,
      v: 1,
      by: 'u1',
      ch: [{ e: 'attendance', k: id, set: { status }, base }],
      ep: epoch
    }))
  );
}

/** What all exchanges have taken of the server until now, seconds. */
async function exchangeSeconds(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sum = /^zimnik_request_seconds_sum\{route="POST \/api\/sync"\} (\S+)$/m.exec(text)?.[1];
  return Number(sum ?? 0);
}
