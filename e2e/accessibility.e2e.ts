import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { enrolTablet, openTodaysSheet } from './page-models/field-notebook.ts';
import { openOffice } from './page-models/office.ts';

test.setTimeout(300_000);

const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const fieldPages = [
  '/field',
  '/field/sheets',
  '/field/event/new',
  '/field/exchange',
  '/field/ready',
  '/field/consultation',
  '/field/consultation/new',
  '/field/consultation/service'
];
const officePages = [
  '/office',
  '/office/inbox',
  '/office/project',
  '/office/people',
  '/office/organisations',
  '/office/consultations',
  '/office/differences',
  '/office/look-alikes',
  '/office/settlements',
  '/office/devices',
  '/office/report',
  '/office/exchange'
];

for (const language of ['ru', 'en'] as const) {
  test(`the tablet's pages meet WCAG 2.2 AA (${language})`, async ({ openDevice, server }) => {
    const page = await (await openDevice(screens.tablet)).newPage();
    await enrolTablet(page, server.url, server.links());
    await openTodaysSheet(page);
    const sheet = new URL(page.url()).pathname;
    await speak(page, language);
    await checkAll(page, server.url, language, [...fieldPages, sheet, `${sheet}/paper`]);
  });

  test(`the desk's pages meet WCAG 2.2 AA (${language})`, async ({ openDevice, server }) => {
    const page = await (await openDevice(screens.desk)).newPage();
    await openOffice(page, server.url, server.links());
    await speak(page, language);
    await checkAll(page, server.url, language, officePages);
  });
}

/** What the language switch stores. */
async function speak(page: Page, language: 'ru' | 'en'): Promise<void> {
  await page.evaluate((chosen) => localStorage.setItem('PARAGLIDE_LOCALE', chosen), language);
}

async function checkAll(
  page: Page,
  origin: string,
  language: string,
  paths: readonly string[]
): Promise<void> {
  for (const path of paths) {
    await page.goto(origin + path);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    // A reader aloud speaks the language that the page names.
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    const { violations } = await new AxeBuilder({ page }).withTags(levels).analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.join(' ')}`)
    );
    expect.soft(found, path).toEqual([]);
  }
}
