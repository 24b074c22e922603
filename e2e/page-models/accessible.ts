import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { expect } from '../fixtures.ts';

const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Which place is looked at, and how strictly. */
interface Looked {
  /** A selector of a part of the page: the frame around it is looked at elsewhere. */
  readonly part?: string;
  /** Read in the glare of snow: contrast of 7:1 in place of 4.5:1. */
  readonly inGlare?: boolean;
}

/** Says what of WCAG 2.2 AA the page breaks as it stands, and goes on with the journey. */
export async function expectAccessible(
  page: Page,
  state: string,
  { part, inGlare = false }: Looked = {}
): Promise<void> {
  // Read once by each document: reading it costs more than the check itself.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const options: axe.RunOptions = {
    runOnly: { type: 'tag', values: levels },
    resultTypes: ['violations'],
    rules: { 'color-contrast-enhanced': { enabled: inGlare } }
  };
  const found = await page.evaluate(
    async ([where, how]) => {
      const { axe: inPage } = globalThis as unknown as { readonly axe: typeof axe };
      const { violations } = await inPage.run(where === undefined ? document : { include: where }, how);
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
    },
    [part, options] as const
  );
  expect.soft(found, state).toEqual([]);
}

/** A page that has to be pushed sideways hides half of its buttons on a narrow screen. */
export async function expectFitsWidth(page: Page, width: number, state: string): Promise<void> {
  const before = page.viewportSize();
  if (before === null) throw new Error('The page has no size');
  await page.setViewportSize({ width, height: 640 });
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewportSize(before);
  expect.soft(needed, `${state}: width at ${width}`).toBeLessThanOrEqual(width);
}

/** Follows a link to a page of the app, as the router does it: without loading the program again. */
export async function followLink(page: Page, path: string): Promise<void> {
  await page.evaluate((href) => {
    const link = document.createElement('a');
    link.href = href;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await expect(page).toHaveURL(({ pathname, search }) => pathname + search === path);
}

/** What the language switch stores; the page speaks it when it is loaded again. */
export async function chooseLanguage(page: Page, language: 'ru' | 'en'): Promise<void> {
  await page.evaluate((chosen) => localStorage.setItem('PARAGLIDE_LOCALE', chosen), language);
}
