import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { enrolTablet, openTodaysSheet } from './page-models/field-notebook.ts';
import { openOffice } from './page-models/office.ts';
import { spoilOutbox } from './page-models/spoilt-outbox.ts';

test.setTimeout(300_000);

const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A field screen is read in the glare of snow: 7:1. */
const glare = ['color-contrast-enhanced'];

const fieldPages = [
  '/field',
  '/field/sheets',
  '/field/event/new',
  '/field/exchange',
  '/field/ready',
  '/field/consultation',
  '/field/consultation/new',
  '/field/consultation/service',
  '/field/survey',
  '/field/no-such-page'
];
/** The words of the buttons that lead to what stands over a sheet. */
const words = {
  ru: {
    menu: 'Меню листа',
    newcomer: 'Новый участник',
    newCard: 'Записать новую карточку',
    saveAndMark: 'Записать и отметить',
    onPaperLater: 'На бумаге, позже',
    close: 'Закрыть лист',
    backToSheet: 'Назад к листу',
    reopen: 'Открыть снова',
    send: 'Отправить сейчас',
    correct: 'Исправить',
    begin: 'Новая анкета',
    mark: /: Отметить$/
  },
  en: {
    menu: 'Sheet menu',
    newcomer: 'New participant',
    newCard: 'Write a new card',
    saveAndMark: 'Save and mark',
    onPaperLater: 'On paper, later',
    close: 'Close sheet',
    backToSheet: 'Back to the sheet',
    reopen: 'Reopen',
    send: 'Send now',
    correct: 'Correct',
    begin: 'New questionnaire',
    mark: /: Mark$/
  }
};

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
    const ofSheet = ['', '/paper', '/complete', '/print?blank'].map((part) => `${sheet}${part}`);
    const event = sheet.replace('/sheet/', '/event/').replace(/-\d+$/, '');
    await checkAll(page, server.url, language, [...fieldPages, ...ofSheet, event], glare);
    await checkStates(page, server.url + sheet, language);
  });

  test(`the desk's pages meet WCAG 2.2 AA (${language})`, async ({ openDevice, server }) => {
    const page = await (await openDevice(screens.desk)).newPage();
    await openOffice(page, server.url, server.links());
    await speak(page, language);
    await checkAll(page, server.url, language, officePages);
  });
}

/** Opens whatever stands over a sheet, closes it, asks a questionnaire and shows what the office refused. */
async function checkStates(page: Page, sheet: string, language: 'ru' | 'en'): Promise<void> {
  const say = words[language];
  const dialog = page.getByRole('dialog');
  const check = (state: string): Promise<void> => checkHere(page, state, glare);
  const over = async (state: string): Promise<void> => {
    await expect(dialog).toBeVisible();
    await check(state);
  };
  await page.goto(sheet);
  const menu = page.getByRole('button', { name: say.menu });
  await menu.click();
  await over('menu of the sheet');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: say.newcomer }).click();
  await dialog.getByRole('textbox').first().fill('Молданова');
  await dialog.getByRole('textbox').nth(1).fill('Мария');
  await expect(dialog.getByRole('listitem').first()).toBeVisible();
  await over('a newcomer who looks like others');
  await dialog.getByRole('button', { name: say.newCard }).click();
  await dialog.getByRole('button', { name: say.saveAndMark }).click();
  await expect(dialog.getByRole('button', { name: say.onPaperLater })).toBeVisible();
  await over('step of consent');
  await dialog.getByRole('button', { name: say.onPaperLater }).click();
  await page.getByRole('listitem').filter({ hasText: 'Молданова' }).getByRole('button').first().click();
  await over('menu of a line');
  await page.keyboard.press('Escape');

  await menu.click();
  await dialog.getByRole('button', { name: say.close }).click();
  await expect(dialog.getByRole('button', { name: say.backToSheet })).toBeVisible();
  await over('totals of the sheet');
  await dialog.getByRole('button', { name: say.close }).click();
  const reopen = page.getByRole('button', { name: say.reopen });
  await expect(reopen).toBeVisible();
  await check('closed sheet');
  await reopen.click();

  await page.context().setOffline(true);
  await page.getByRole('listitem').getByRole('button', { name: say.mark }).first().click();
  await page.evaluate(spoilOutbox);
  await page.context().setOffline(false);
  await page.goto(new URL('/field/exchange', sheet).href);
  await page.getByRole('button', { name: say.send }).click();
  await expect(page.getByRole('link', { name: say.correct }).first()).toBeVisible();
  await check('refused record');

  await page.goto(new URL('/field/survey/campaign-next', sheet).href);
  await page.getByRole('button', { name: say.begin }).click();
  await expect(page.getByRole('radio').first()).toBeVisible();
  await check('a question of the questionnaire');
}

/** What the language switch stores. */
async function speak(page: Page, language: 'ru' | 'en'): Promise<void> {
  await page.evaluate((chosen) => localStorage.setItem('PARAGLIDE_LOCALE', chosen), language);
}

async function checkAll(
  page: Page,
  origin: string,
  language: string,
  paths: readonly string[],
  rules: readonly string[] = []
): Promise<void> {
  for (const path of paths) {
    await page.goto(origin + path);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    // A reader aloud speaks the language that the page names.
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await checkHere(page, path, rules);
  }
}

async function checkHere(page: Page, state: string, rules: readonly string[]): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .options({
      runOnly: { type: 'tag', values: levels },
      rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: true }]))
    })
    .analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(' ')}`)
  );
  expect.soft(found, state).toEqual([]);
}
