import type { Page } from '@playwright/test';
import { expect } from '../fixtures.ts';

/** Connects the browser as a field worker's tablet and waits until it needs no network any more. */
export async function enrolTablet(page: Page, origin: string, links: readonly string[]): Promise<void> {
  const link = links.find((one) => one.includes('/enrol/'));
  if (link === undefined) throw new Error('The server printed no link for the field worker');
  await page.goto(origin + new URL(link).pathname);
  await page.getByRole('link', { name: 'Открыть блокнот' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Сегодня' })).toBeVisible();
  await expectDelivered(page);
  // The worker takes over only when everything it keeps is stored.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** The one line that tells where the data is. */
export function safetyLine(page: Page) {
  return page.locator('a[href="/field/exchange"]').getByRole('status');
}

export async function expectDelivered(page: Page): Promise<void> {
  await expect(safetyLine(page)).toHaveText(/^Всё доставлено/, { timeout: 30_000 });
}

/** Opens the first sheet of today from the start screen. */
export async function openTodaysSheet(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Лист', exact: true }).click();
  await expectSheet(page);
}

/** Opens the sheet of a session by its address. */
export async function openSheet(page: Page, session: string): Promise<void> {
  await page.goto(new URL(`/field/sheet/${session}`, page.url()).href);
  await expectSheet(page);
}

async function expectSheet(page: Page): Promise<void> {
  await expect(page.getByText(/^Отмечено \d+ из \d+$/)).toBeVisible();
}

/** Goes to the page of exchange, sends what waits, and comes back to where it was. */
export async function sendNow(page: Page): Promise<void> {
  const here = page.url();
  await safetyLine(page).click();
  await page.getByRole('button', { name: 'Отправить сейчас' }).click();
  await expect(page.getByText('Ничего не ждёт: всё доставлено.')).toBeVisible();
  await expectDelivered(page);
  await page.goto(here);
}

/** Writes a newcomer into the open sheet, whose consent is on paper. */
export async function addWalkIn(page: Page, surname: string, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Новый участник' }).click();
  await page.getByLabel('Фамилия', { exact: true }).fill(surname);
  await page.getByLabel('Имя', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Записать и отметить' }).click();
  await page.getByRole('button', { name: 'На бумаге, позже' }).click();
}
