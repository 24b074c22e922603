import type { Locator, Page } from '@playwright/test';
import { expect } from '../fixtures.ts';

/** The button of a line that nobody has touched yet. */
export function unmarked(page: Page): Locator {
  return page.getByRole('button', { name: /: Отметить$/ });
}

/** The line of a person whose name begins so. */
export function lineOf(page: Page, name: string): Locator {
  return page.getByRole('button', { name: new RegExp(`^${name}[^:]*: (?!другие отметки)`) });
}

/** Marks the first untouched line and waits until the sheet says that it is stored. Gives the person's name. */
export async function markFirst(page: Page): Promise<string> {
  await expectStill(page);
  const label = (await unmarked(page).first().getAttribute('aria-label')) ?? '';
  const name = label.slice(0, label.lastIndexOf(':'));
  await markPerson(page, name);
  return name;
}

/** The lines are those of what stands in the search: none is given to another person any more. */
export async function expectStill(page: Page): Promise<void> {
  await expect(page.getByRole('list').and(page.locator('[aria-busy]'))).toHaveAttribute('aria-busy', 'false');
}

export async function markPerson(page: Page, name: string): Promise<void> {
  await expectStill(page);
  await lineOf(page, name).click();
  await expect(lineOf(page, name)).toHaveAccessibleName(/: Присутствует$/);
}

export async function expectCounts(page: Page, marked: string, present: string): Promise<void> {
  await expect(page.getByText(marked, { exact: true })).toBeVisible();
  await expect(page.getByText(present, { exact: true })).toBeVisible();
}

/** Gives a line another state by its menu. */
export async function setStatus(page: Page, name: string, status: string): Promise<void> {
  await openMenu(page, name);
  await page.getByRole('dialog').getByRole('button', { name: status, exact: true }).click();
  await expect(lineOf(page, name)).toHaveAccessibleName(new RegExp(`: ${status}$`));
}

/** The id of the person in a line, read from the link to the card. */
export async function personOf(page: Page, name: string): Promise<string> {
  await openMenu(page, name);
  const dialog = page.getByRole('dialog');
  const href = await dialog.getByRole('link', { name: 'Дозаполнить карточку' }).getAttribute('href');
  await dialog.getByRole('button', { name: 'Закрыть' }).click();
  return href?.split('/').at(-1) ?? '';
}

/** Opens what a line offers besides the tap. */
export async function openMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `${name}: другие отметки, подпись, согласие` }).click();
}
