import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { findBrowser } from '../scripts/browser.mjs';
import { expect, test } from './fixtures.ts';
import { readTransactions, recordTransactions } from './durability.ts';
import { openNetwork } from './network.ts';
import { enrolTablet, openTodaysSheet, safetyLine, sendNow } from './page-models/field-notebook.ts';
import { lineOf, markFirst, setStatus, unmarked } from './page-models/sheet.ts';

/** The long run: `BROWSER_KILLS=100 npx playwright test e2e/killed-browser.e2e.ts`, after `npm run build`. */
const kills = Number(process.env['BROWSER_KILLS'] ?? '2');

test('a mark that was shown is there after the browser is killed, and every write asked for the disk', async ({
  server
}) => {
  test.setTimeout(60_000 + kills * 30_000);
  const profile = await mkdtemp(join(tmpdir(), 'zimnik-profile-'));
  const network = await openNetwork(server.url);

  let browser = await startBrowser(profile);
  await browser.context.addInitScript(recordTransactions);
  let page = await browser.context.newPage();
  await enrolTablet(page, network.url, server.links());
  await openTodaysSheet(page);
  const sheet = page.url();
  network.cut(true);
  await page.reload();
  await expect(unmarked(page)).toHaveCount(18);
  const shown = new Map<string, string>();
  let writes = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const marks = kill === 1 ? 3 : 1 + (kill % 3);
    for (let mark = 0; mark < marks; mark++) {
      // The kill follows the last word on the screen at once; of a new profile the browser has not even written down the
      // name of the database.
      writes += 1;
      if (shown.size < 8) shown.set(await markFirst(page), 'Присутствует');
      else await markAnew(page, shown, writes);
    }
    if (kill === 1) {
      const asked = await page.evaluate(readTransactions);
      expect(asked.length).toBeGreaterThanOrEqual(2);
      expect(new Set(asked)).toEqual(new Set(['strict']));
    }
    await browser.kill();

    browser = await startBrowser(profile);
    page = await browser.context.newPage();
    await page.goto(sheet);
    await expect(page.getByText(`Отмечено ${shown.size} из 18`, { exact: true })).toBeVisible();
    for (const [name, status] of shown)
      await expect(lineOf(page, name)).toHaveAccessibleName(new RegExp(`: ${status}$`));
    await expect(safetyLine(page)).toHaveText(new RegExp(`^${writes} запис\\S+ жд\\S+ связи\\. `));
  }

  // What outlived all that arrives.
  network.cut(false);
  await sendNow(page);
  await browser.kill();
  await network.close();
  await rm(profile, { recursive: true, force: true });
});

const statuses = ['С опозданием', 'Отсутствует', 'Присутствует'];

/** Gives a line that is marked already another state; waits until the sheet says that it is stored. */
async function markAnew(page: Page, shown: Map<string, string>, turn: number): Promise<void> {
  const [name = '', before = ''] = [...shown][turn % shown.size] ?? [];
  const after = statuses.find((status) => status !== before) ?? '';
  await setStatus(page, name, after);
  shown.set(name, after);
}

/** Ends what a failed journey left running. */
const running = new Set<() => Promise<void>>();

test.afterEach(async () => {
  for (const kill of running) await kill();
});

interface KilledBrowser {
  readonly context: BrowserContext;
  /** Ends all its processes at once, as a dead battery does. */
  readonly kill: () => Promise<void>;
}

/** A browser with a lasting profile whose process is the journey's own, so that it can be killed. */
async function startBrowser(profile: string): Promise<KilledBrowser> {
  const child = spawn(
    findBrowser() ?? chromium.executablePath(),
    [
      '--headless=new',
      '--no-sandbox',
      '--no-first-run',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--lang=ru-RU',
      '--window-size=1024,768',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank'
    ],
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TZ: 'Asia/Yekaterinburg' } }
  );
  const browser: Browser = await chromium.connectOverCDP(await debuggerOf(child));
  const [context] = browser.contexts();
  if (context === undefined) throw new Error('The browser has no profile');
  const killed: KilledBrowser = {
    context,
    kill: async () => {
      running.delete(killed.kill);
      const ended = once(child, 'exit');
      // A browser is a group of processes.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await ended;
    }
  };
  running.add(killed.kill);
  return killed;
}

async function debuggerOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('The browser tells nothing');
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      child.stderr.resume();
      return address;
    }
  }
  throw new Error('The browser ended before it could be reached');
}
