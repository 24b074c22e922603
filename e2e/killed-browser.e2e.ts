import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type BrowserContext } from '@playwright/test';
import { findBrowser } from '../scripts/browser.mjs';
import { expect, test } from './fixtures.ts';
import { readTransactions, recordTransactions } from './durability.ts';
import { openNetwork } from './network.ts';
import { enrolTablet, openTodaysSheet, safetyLine } from './page-models/field-notebook.ts';
import { expectCounts, lineOf, markFirst, unmarked } from './page-models/sheet.ts';

test('a mark that was shown is there after the browser is killed, and every write asked for the disk', async ({
  server
}) => {
  const profile = await mkdtemp(join(tmpdir(), 'zimnik-profile-'));
  const network = await openNetwork(server.url);

  const first = await startBrowser(profile);
  await first.context.addInitScript(recordTransactions);
  const page = await first.context.newPage();
  await enrolTablet(page, network.url, server.links());
  await openTodaysSheet(page);
  const sheet = page.url();
  network.cut(true);
  await page.reload();
  await expect(unmarked(page)).toHaveCount(18);
  const kept = [await markFirst(page), await markFirst(page)];
  const writes = await page.evaluate(readTransactions);
  expect(writes.length).toBeGreaterThanOrEqual(2);
  expect(new Set(writes)).toEqual(new Set(['strict']));

  // The kill follows the word on the screen at once; the browser has not even written down the name of the database.
  kept.push(await markFirst(page));
  await first.kill();

  const second = await startBrowser(profile);
  const again = await second.context.newPage();
  await again.goto(sheet);
  await expectCounts(again, 'Отмечено 3 из 18', 'Присутствует: 3');
  for (const name of kept) await expect(lineOf(again, name)).toHaveAccessibleName(/: Присутствует$/);
  await expect(safetyLine(again)).toHaveText(/^3 записи ждут связи\. Они хранятся на этом/);
  await second.kill();

  await network.close();
  await rm(profile, { recursive: true, force: true });
});

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
