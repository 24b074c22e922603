import { readdirSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { chooseLanguage, expectAccessible, expectFitsWidth, followLink } from './page-models/accessible.ts';
import { enrolTablet, openTodaysSheet } from './page-models/field-notebook.ts';
import { openOffice } from './page-models/office.ts';

test.setTimeout(600_000);

/** What stands on a page until its records are read. */
const reading = { ru: /^(Загружаем…|Открываем…)$/, en: /^(Loading…|Opening…)$/ };

/** What each part of a route's address that stands for a record is filled with, by the place where it stands. */
type Fillings = Readonly<Record<string, string>>;

test('every page of the field notebook opens offline in both languages, meets WCAG 2.2 AA and fits a phone; nothing of the office is kept', async ({
  openDevice,
  server
}) => {
  const context = await openDevice(screens.tablet);
  const page = await context.newPage();
  await enrolTablet(page, server.url, server.links());
  await openTodaysSheet(page);
  const session = lastPart(page.url());
  await page
    .getByRole('button', { name: /другие отметки, подпись, согласие/ })
    .first()
    .click();
  const card = page.getByRole('dialog').getByRole('link', { name: 'Дозаполнить карточку' });
  const person = lastPart((await card.getAttribute('href')) ?? '');
  const note = await firstOf(page, `${server.url}/field/consultation`, '/field/consultation');
  expect(await keptOfOther(page, 'office')).toEqual([]);
  await expectAllOpen(context, page, server.url, routesOf('field'), {
    '/field/sheet/[session]': session,
    '/field/event/[event]': session.replace(/-\d+$/, ''),
    '/field/person/[person]': person,
    '/field/survey/[campaign]': 'campaign-next',
    '/field/consultation/[id]': note
  });
});

test('every page of the desk opens offline in both languages, meets WCAG 2.2 AA and fits a phone; nothing of the field notebook is kept', async ({
  openDevice,
  server
}) => {
  const context = await openDevice(screens.desk);
  const page = await context.newPage();
  await openOffice(page, server.url, server.links());
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  expect(await keptOfOther(page, 'field')).toEqual([]);
  const found = async (list: string, kind: string): Promise<string> =>
    firstOf(page, `${server.url}/office/${list}`, `/office/${kind}`);
  await expectAllOpen(context, page, server.url, routesOf('office'), {
    '/office/setup/[code]': 'AAAA-BBBB',
    '/office/groups/[id]': 'g-bereg',
    '/office/settlements/[id]': 's-sherkaly',
    '/office/surveys/[id]': 'campaign-next',
    '/office/responses/[id]': 'response-1',
    '/office/indicators/[id]': await found('project', 'indicators'),
    '/office/consultations/[id]': await found('consultations', 'consultations'),
    '/office/events/[id]': await found('events', 'events'),
    '/office/organisations/[id]': await found('organisations', 'organisations'),
    '/office/people/[id]': await found('people', 'people'),
    '/office/sheets/[id]': await found('', 'sheets')
  });
});

async function expectAllOpen(
  context: BrowserContext,
  online: Page,
  origin: string,
  routes: readonly string[],
  fillings: Fillings
): Promise<void> {
  await online.close();
  await context.setOffline(true);
  // Each address is loaded anew: this is the app after the device was switched on.
  const page = await context.newPage();
  const missing: string[] = [];
  page.on('requestfailed', (request) => {
    if (request.url().includes('/_app/')) missing.push(request.url());
  });
  expect(routes.length).toBeGreaterThan(10);
  const paths = routes.map((route) => filled(route, fillings));
  for (const path of paths) {
    await page.goto(origin + path);
    await expect(page.getByRole('heading', { level: 1 }).first(), path).toBeVisible();
    expect(missing, path).toEqual([]);
    // Each file of its own costs a slow tablet's start many milliseconds (`scripts/app-chunks.mjs`).
    expect(await filesOfApp(page), path).toBeLessThanOrEqual(18);
  }
  for (const language of ['ru', 'en'] as const) {
    await chooseLanguage(page, language);
    await page.reload();
    for (const path of paths) {
      await followLink(page, path);
      await expect(page.getByRole('heading', { level: 1 }).first(), path).toBeVisible();
      await expect(page.getByText(reading[language])).toHaveCount(0);
      // A reader aloud speaks the language that the page names.
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expectAccessible(page, `${path} (${language})`, { inGlare: path.startsWith('/field') });
      await expectFitsWidth(page, 360, `${path} (${language})`);
    }
  }
}

async function filesOfApp(page: Page): Promise<number> {
  return page.evaluate(
    () => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/_app/')).length
  );
}

/** Addresses of every page of a surface, read from the sources: a page added later is walked too. */
function routesOf(surface: 'field' | 'office'): readonly string[] {
  const folder = fileURLToPath(new URL(`../src/routes/(${surface})`, import.meta.url));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('+page.svelte'))
    .map((name) => `/${name.split(sep).slice(0, -1).join('/')}`.replace(/\/\([^)]*\)/g, ''))
    .sort();
}

function filled(route: string, fillings: Fillings): string {
  const known = Object.keys(fillings).find((start) => route === start || route.startsWith(`${start}/`));
  const path = known === undefined ? route : route.replace(/\[[^\]]+\]/, fillings[known] ?? '');
  if (path.includes('[')) throw new Error(`Say in this journey what stands for the record in ${route}`);
  return path;
}

/** The id in the first link of a page that leads to a record of a kind. */
async function firstOf(page: Page, address: string, kind: string): Promise<string> {
  await page.goto(address);
  const link = page.locator(`a[href^="${kind}/"]:not([href$="/new"], [href$="/service"])`).first();
  return lastPart(((await link.getAttribute('href')) ?? '').replace(/[?#].*$/, ''));
}

/** Files that only the other surface needs, as the worker lists them, which it keeps all the same. */
async function keptOfOther(page: Page, other: 'field' | 'office'): Promise<readonly string[]> {
  return page.evaluate(async (surface) => {
    const worker = await (await fetch('/service-worker.js')).text();
    const listed = new RegExp(`${surface}:(\\[\\[.*?\\]\\])`).exec(worker)?.[1] ?? '';
    const cache = await caches.open('zimnik-app');
    const kept = (await cache.keys()).map(({ url }) => new URL(url).pathname);
    const paths = (JSON.parse(listed) as [string][]).map(([path]) => path);
    if (kept.length === 0 || paths.length === 0) throw new Error('The worker names or keeps no files');
    return paths.filter((path) => kept.includes(path));
  }, other);
}

function lastPart(address: string): string {
  return address.split('/').at(-1) ?? '';
}
