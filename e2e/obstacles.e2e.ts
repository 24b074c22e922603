import type { Page } from '@playwright/test';
import { findBrowser } from '../scripts/browser.mjs';
import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import { openOfficeSession } from './office-session.ts';
import type { RunningServer } from './server.ts';
import {
  enrolTablet,
  expectDelivered,
  openTodaysSheet,
  safetyLine,
  sendNow
} from './page-models/field-notebook.ts';
import { expectCounts, lineOf, markFirst, markPerson, unmarked } from './page-models/sheet.ts';

/** A name that is not this machine's own, as in a local network without TLS. */
const plainHost = 'zimnik.test';
const executablePath = findBrowser();

test.setTimeout(300_000);
test.use({
  ...screens.tablet,
  launchOptions: {
    ...(executablePath === undefined ? {} : { executablePath }),
    chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-dev-shm-usage', `--host-resolver-rules=MAP ${plainHost} 127.0.0.1`]
  }
});

test('a window that would lose records and a full tablet say so before anything is entered, and nothing is lost', async ({
  page,
  openDevice,
  server
}) => {
  const full = await fillUp(page, server);
  const link = new URL(server.links().find((one) => one.includes('/enrol/')) ?? '').pathname;

  await test.step('a plain http address', async () => {
    const page = await (await openDevice(screens.tablet)).newPage();
    for (const path of ['/field', link]) {
      await page.goto(`http://${plainHost}:${server.port}${path}`);
      await expectObstacle(page, 'Здесь без связи работать нельзя');
    }
  });

  await test.step('Safari outside the home screen', async () => {
    const userAgent =
      'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
    const page = await (await openDevice({ ...screens.tablet, userAgent })).newPage();
    for (const path of ['/field', link]) {
      await page.goto(server.url + path);
      await expectObstacle(page, 'Сначала добавьте на экран «Домой»');
      await expect(page.getByRole('listitem')).toHaveCount(3);
    }
  });

  await test.step('storage that the window forbids', async () => {
    const context = await openDevice(screens.tablet);
    await context.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      };
    });
    const page = await context.newPage();
    for (const path of ['/field', link]) {
      await page.goto(server.url + path);
      await expectObstacle(page, 'В этом окне записи не сохранятся');
    }
  });

  await test.step('an ordinary window is connected by the same link', async () => {
    const page = await (await openDevice(screens.tablet)).newPage();
    await enrolTablet(page, server.url, server.links());
  });

  await test.step('the full tablet tells it, shows what it holds and takes no mark', async () => {
    const told = page.getByText('Место закончилось: новые отметки не сохранятся');
    // The browser goes on for half a minute with the room that it had counted: long enough for the steps above.
    await expect(async () => {
      await page.reload();
      await expect(unmarked(page).first()).toBeVisible();
      await expect(told).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expect(lineOf(page, full.kept)).toHaveAccessibleName(/: Присутствует$/);
    await lineOf(page, full.next).click();
    await expect(page.getByText('Отметка не сохранилась. Нажмите ещё раз.')).toBeVisible();
    await expectCounts(page, 'Отмечено 1 из 18', 'Присутствует: 1');
  });

  await test.step('once there is room, it goes on', async () => {
    await full.makeRoom();
    await page.reload();
    await expectCounts(page, 'Отмечено 1 из 18', 'Присутствует: 1');
    await expect(page.getByText('Место закончилось')).toHaveCount(0);
    await markPerson(page, full.next);
    full.network.cut(false);
    await sendNow(page);
    await expectCounts(page, 'Отмечено 2 из 18', 'Присутствует: 2');
    await full.network.close();
  });
});

test('a tablet whose clock fell back to 1970 in the frost shows the schedule and plain lines, and takes marks', async ({
  page,
  server
}) => {
  await enrolTablet(page, server.url, server.links());
  await page.context().setOffline(true);
  await page.clock.setFixedTime(new Date('1970-01-01T00:05:00Z'));
  await page.addInitScript(() => {
    Object.assign(navigator, { getBattery: () => Promise.resolve({ level: 0.04 }) });
  });
  await page.goto(`${server.url}/field`);
  await expect(page.getByRole('heading', { level: 1, name: 'Ближайшие по расписанию' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('Часы планшета показывают 01.01.1970');
  await expect(page.getByRole('link', { name: /Школа социального проектирования/ }).first()).toBeVisible();

  await expect(page.getByText('Заряд 4 %. Все отметки сохранены.')).toBeVisible();

  await openTodaysSheet(page);
  await markFirst(page);
  await expect(page.getByText('Присутствует: 1. Перепишите число на бумажный лист.')).toBeVisible();
  await expect(safetyLine(page)).toHaveText(/^1 запись ждёт связи/);
  await page.goto(`${server.url}/field/event/new`);
  await expect(page.getByLabel('Дата')).not.toHaveValue(/1970/);

  await page.context().setOffline(false);
  await page.goto(`${server.url}/field`);
  await expectDelivered(page);
});

/** Connects a tablet, marks one person without a network and takes the room of its storage away. */
async function fillUp(page: Page, server: RunningServer) {
  const network = await openNetwork(server.url);
  const office = await openOfficeSession(server);
  await enrolTablet(page, network.url, [network.url + (await office.enrolment('anna', 'Планшет без места'))]);
  await office.close();
  await openTodaysSheet(page);
  network.cut(true);
  const kept = await markFirst(page);
  const label = (await unmarked(page).first().getAttribute('aria-label')) ?? '';
  const storage = await page.context().newCDPSession(page);
  const { url: origin } = network;
  await storage.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  return {
    network,
    kept,
    next: label.slice(0, label.lastIndexOf(':')),
    makeRoom: () => storage.send('Storage.overrideQuotaForOrigin', { origin })
  };
}

/** The page names what stands in the way and offers nowhere to type or tap. */
async function expectObstacle(page: Page, title: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await expect(page.getByRole('link')).toHaveCount(0);
}
