import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { enrolTablet, openTodaysSheet } from '../e2e/page-models/field-notebook.ts';
import { removeData, startServer } from '../e2e/server.ts';
import { openProfile } from './browser.ts';

/** How much slower than this machine the tablet is. */
const slowdown = 6;
const peopleOnDevice = 10_000;
const roster = 200;

/** A tablet with a region's people on it and a full sheet, without a network, six times slower than this machine. */
export interface BigTablet {
  /** Path of the sheet with 200 expected people. */
  readonly sheet: string;
  /** A page of the installed app, slowed down, that has loaded nothing yet; the app's worker does not run. */
  readonly coldPage: () => Promise<Page>;
}

/** Connects a tablet to a real server, cuts the network, fills its storage and hands it to a measurement. */
export async function withBigTablet<Value>(measure: (tablet: BigTablet) => Promise<Value>): Promise<Value> {
  const server = await startServer({ mode: 'demo' });
  // In a private window records would lie in memory, where a strict write costs nothing.
  const profile = await mkdtemp(join(tmpdir(), 'zimnik-bench-'));
  const context = await openProfile(profile, {
    viewport: { width: 1024, height: 768 },
    hasTouch: true,
    locale: 'ru-RU',
    timezoneId: 'Asia/Yekaterinburg'
  });
  try {
    // The TypeScript loader wraps named functions in this helper, which the page does not have.
    await context.addInitScript('globalThis.__name = (target) => target');
    const page = await context.newPage();
    await enrolTablet(page, server.url, server.links());
    await openTodaysSheet(page);
    const sheet = new URL(page.url()).pathname;
    await context.setOffline(true);
    await page.evaluate(fillStorage, {
      session: sheet.split('/').at(-1) ?? '',
      people: peopleOnDevice,
      expected: roster
    });
    await page.close();
    return await measure({ sheet: server.url + sheet, coldPage: () => slowPage(context) });
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
    await server.stop();
    await removeData(server);
  }
}

async function slowPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  const session: CDPSession = await context.newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  return page;
}

/** Runs in the page: copies of one stored person and of one stored mark, under other names. */
async function fillStorage(wanted: { session: string; people: number; expected: number }): Promise<void> {
  type Row = { e: string; k: string; p?: string; body: { plain: { f: Record<string, unknown> } } };
  const finished = <Result>(request: IDBRequest<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('The storage refused'));
    });
  const name = (await indexedDB.databases()).find((one) => one.name?.startsWith('zimnik/field-'))?.name ?? '';
  const database = await finished(indexedDB.open(name));
  const tx = database.transaction('records', 'readwrite');
  const records = tx.objectStore('records');
  const all = (await finished(records.getAll())) as Row[];
  const person = all.find((row) => row.e === 'person');
  const mark = all.find((row) => row.e === 'attendance' && row.body.plain.f['expected'] === true);
  if (person === undefined || mark === undefined) throw new Error('The tablet holds no person or no mark');
  const already = all.filter((row) => row.e === 'person').length;
  const syllables = ['ва', 'ле', 'ни', 'ко', 'ро', 'су', 'мо', 'ди', 'та', 'ше'];
  const word = (number: number, length: number): string =>
    Array.from({ length }, (_, place) => syllables[Math.floor(number / 10 ** place) % 10]).join('');
  const like = (row: Row, k: string, f: Record<string, unknown>): Row => ({
    ...row,
    k,
    body: { plain: { ...row.body.plain, f } }
  });
  for (let index = 0; index < wanted.people - already; index += 1) {
    const surname = `${word(index, 4)}ов`;
    const f = { ...person.body.plain.f, surname: surname.charAt(0).toUpperCase() + surname.slice(1) };
    records.put(like(person, `bench-${index}`, { ...f, name: `Имя${word(index * 7, 2)}` }));
    if (index >= wanted.expected) continue;
    const row = like(mark, `${wanted.session}~bench-${index}`, { expected: true });
    records.put({ ...row, p: wanted.session });
  }
  await new Promise((resolve) => (tx.oncomplete = resolve));
  database.close();
}

/** The value that a share of the others does not exceed, such as 0.95. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return Math.round(value * 10) / 10;
}
