import type { Locator, Page } from '@playwright/test';
import { expect } from '../fixtures.ts';

/** Opens the coordinator's desk by the demonstration's link and waits until every record is there. */
export async function openOffice(
  page: Page,
  origin: string,
  links: readonly string[],
  language: 'ru' | 'en' = 'ru'
): Promise<void> {
  const link = links.find((one) => one.includes('/office?demo='));
  if (link === undefined) throw new Error('The server printed no link for the coordinator');
  const { pathname, search } = new URL(link);
  await page.goto(origin + pathname + search);
  await expect(
    page.getByRole('heading', { level: 1, name: language === 'ru' ? 'Сегодня' : 'Today' })
  ).toBeVisible();
  await expect(page.locator('a[href="/office/exchange"]').getByRole('status')).toHaveText(
    language === 'ru' ? /^Всё доставлено/ : /^Everything (is )?delivered/,
    {
      timeout: 30_000
    }
  );
}

/** A page of the desk by its name in the navigation. */
export async function goTo(page: Page, section: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: section }).first().click();
}

/** The number of an indicator on the project's page, «61 из 70 человек». */
export function numberOf(page: Page, indicator: string): Locator {
  return page.locator(`a[href="/office/indicators/${indicator}"]`).filter({ hasText: ' из ' });
}

/** A line of a table, of the inbox among them. */
export function tableLine(page: Page, title: string | RegExp): Locator {
  return page.getByRole('row').filter({ hasText: title });
}

/** Chooses a line of the inbox and accepts it; waits until the desk says so. */
export async function acceptLine(page: Page, title: string | RegExp): Promise<void> {
  await tableLine(page, title).click();
  await page.getByRole('button', { name: 'Принять', exact: true }).click();
  await expect(page.getByText(/^Принято: /)).toBeVisible();
  await expect(tableLine(page, title)).toHaveCount(0);
}
