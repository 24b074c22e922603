import type { BrowserContext, Page } from '@playwright/test';
import { attendanceId } from '#domain/records/attendance.ts';
import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import { openOfficeSession, type OfficeSession } from './office-session.ts';
import {
  enrolTablet,
  expectDelivered,
  openTodaysSheet,
  safetyLine,
  sendNow
} from './page-models/field-notebook.ts';
import { lineOf, markFirst, personOf } from './page-models/sheet.ts';

/** The id of a person's mark on the sheet that is open. */
async function markOf(page: Page, name: string): Promise<string> {
  const session = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  return attendanceId(session, await personOf(page, name));
}

/** The statuses of a mark as the centre has them, the newest first. */
async function delivered(office: OfficeSession, mark: string): Promise<readonly unknown[]> {
  const told = await office.history('attendance', mark);
  return told.map((entry) => entry.set['status']).filter((status) => status !== undefined);
}

/** Goes to the page of exchange and presses the button, without expecting anything of it. */
async function trySending(page: Page): Promise<void> {
  await safetyLine(page).click();
  await page.getByRole('button', { name: 'Отправить сейчас' }).click();
}

test('a portal’s page, a clock of 1970, a full disk and a wiped browser lose no mark, and each is told', async ({
  openDevice,
  server
}) => {
  const network = await openNetwork(server.url);
  const office = await openOfficeSession(server);
  const context = await openDevice(screens.tablet);
  const page = await context.newPage();
  await enrolTablet(page, network.url, server.links());
  await openTodaysSheet(page);
  const sheet = page.url();

  // The Wi-Fi answers everything with a page of its own and «200».
  network.portal(true);
  const behindPortal = await markFirst(page);
  await trySending(page);
  await expect(page.getByText(/вместо центра ответила сеть Wi-Fi/)).toBeVisible();
  await expect(safetyLine(page)).toHaveText(/^Эта сеть Wi-Fi просит войти\..*Записи целы\.$/);
  network.portal(false);
  await sendNow(page);
  await page.goto(sheet);
  expect(await delivered(office, await markOf(page, behindPortal))).toEqual(['present']);

  // A flat battery has set the clock back to the beginning of time.
  await page.clock.setFixedTime(new Date(86_400_000));
  const in1970 = await markFirst(page);
  await trySending(page);
  await expectDelivered(page);
  await page.goto(sheet);
  await expect(lineOf(page, in1970)).toHaveAccessibleName(/: Присутствует$/);
  expect(await delivered(office, await markOf(page, in1970))).toEqual(['present']);
  await page.clock.setFixedTime(Date.now());

  // What was marked before the disk was full is sent from a full disk, and what cannot be stored is not called stored.
  network.cut(true);
  const beforeFull = await markFirst(page);
  const mark = await markOf(page, beforeFull);
  const browser = await context.newCDPSession(page);
  const origin = new URL(network.url).origin;
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  network.cut(false);
  await trySending(page);
  await expect.poll(() => delivered(office, mark)).toEqual(['present']);
  await browser.send('Storage.overrideQuotaForOrigin', { origin });
  await page.goto(sheet);
  await sendNow(page);
  await expect(lineOf(page, beforeFull)).toHaveAccessibleName(/: Присутствует$/);
  expect(await delivered(office, mark)).toEqual(['present']);

  await wipe(context, page, origin);
  await page.goto(sheet);
  await expect(page.getByRole('heading', { name: 'Записей на этом планшете больше нет' })).toBeVisible();
  await expect(
    page.getByText(/Всё, что было доставлено, цело в центре\. Последняя доставка: /)
  ).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Записей на этом планшете больше нет' })).toBeVisible();
  await enrolTablet(page, network.url, [
    network.url + (await office.enrolment('anna', 'Планшет после очистки'))
  ]);
  await page.goto(sheet);
  for (const name of [behindPortal, in1970, beforeFull])
    await expect(lineOf(page, name)).toHaveAccessibleName(/: Присутствует$/);
  const devices = await office.devices();
  expect(devices.find(({ name }) => name === 'Планшет после очистки')?.health?.wiped).toBe(true);
  expect(devices.filter(({ health }) => health?.wiped === true)).toHaveLength(1);
  await office.close();
  await network.close();
});

/** The browser throws the databases away and leaves the rest, as some cleaners and some updates do. */
async function wipe(context: BrowserContext, page: Page, origin: string): Promise<void> {
  await page.goto('about:blank');
  const browser = await context.newCDPSession(page);
  await browser.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
}

test('a frozen tab that holds the exchange does not keep the others waiting, and wakes without harm', async ({
  openDevice,
  server
}) => {
  const network = await openNetwork(server.url);
  const context = await openDevice(screens.tablet);
  const frozen = await context.newPage();
  const troubles: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('exchange met a bug'))
      troubles.push(message.text());
  });
  await enrolTablet(frozen, network.url, server.links());
  await openTodaysSheet(frozen);

  // The request hangs on the way, its tab holds the lock, and then the system freezes it.
  let answer: () => void = () => undefined;
  const held = network.interrupt(
    'POST /api/sync',
    'sent',
    () => new Promise((resolve) => (answer = resolve))
  );
  await markFirst(frozen);
  await expect.poll(() => network.requests().at(-1)).toBe('POST /api/sync');
  const lifecycle = await context.newCDPSession(frozen);
  await lifecycle.send('Page.setWebLifecycleState', { state: 'frozen' });

  const other = await context.newPage();
  await other.clock.install();
  await other.goto(frozen.url());
  await expect(safetyLine(other)).toHaveText(/запись|отправ/i);
  await other.clock.runFor(61_000);
  await expectDelivered(other);

  await lifecycle.send('Page.setWebLifecycleState', { state: 'active' });
  answer();
  await held;
  await markFirst(frozen);
  await sendNow(frozen);
  await expectDelivered(other);
  expect(troubles).toEqual([]);
  await network.close();
});
