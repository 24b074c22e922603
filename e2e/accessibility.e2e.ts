import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { expectAccessible, followLink } from './page-models/accessible.ts';
import { enrolTablet, openTodaysSheet } from './page-models/field-notebook.ts';
import { openOffice } from './page-models/office.ts';
import { spoilOutbox } from './page-models/spoilt-outbox.ts';

// The pages as they open are looked at where each of them is walked; here is what opens over them and changes them.

test('what opens over the pages of the tablet meets WCAG 2.2 AA, in the glare of snow', async ({
  openDevice,
  server
}) => {
  const page = await (await openDevice(screens.tablet)).newPage();
  await enrolTablet(page, server.url, server.links());
  await openTodaysSheet(page);
  const dialog = page.getByRole('dialog');
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const check = (state: string): Promise<void> => expectAccessible(page, state, { inGlare: true });
  const over = async (state: string): Promise<void> => {
    await expect(dialog).toBeVisible();
    await check(state);
  };
  await button('Меню листа').click();
  await over('menu of the sheet');
  await page.keyboard.press('Escape');

  await button('Новый участник').click();
  await dialog.getByRole('textbox').first().fill('Молданова');
  await dialog.getByRole('textbox').nth(1).fill('Мария');
  await expect(dialog.getByRole('listitem').first()).toBeVisible();
  await over('a newcomer who looks like others');
  await dialog.getByRole('button', { name: 'Записать новую карточку' }).click();
  await dialog.getByRole('button', { name: 'Записать и отметить' }).click();
  await expect(dialog.getByRole('button', { name: 'На бумаге, позже' })).toBeVisible();
  await over('step of consent');
  await dialog.getByRole('button', { name: 'На бумаге, позже' }).click();
  await page.getByRole('listitem').filter({ hasText: 'Молданова' }).getByRole('button').first().click();
  await over('menu of a line');
  await page.keyboard.press('Escape');

  await button('Меню листа').click();
  await dialog.getByRole('button', { name: 'Закрыть лист' }).click();
  await expect(dialog.getByRole('button', { name: 'Назад к листу' })).toBeVisible();
  await over('totals of the sheet');
  await dialog.getByRole('button', { name: 'Закрыть лист' }).click();
  await expect(button('Открыть снова')).toBeVisible();
  await check('closed sheet');
  await button('Открыть снова').click();

  await page.context().setOffline(true);
  await page
    .getByRole('listitem')
    .getByRole('button', { name: /: Отметить$/ })
    .first()
    .click();
  await page.evaluate(spoilOutbox);
  await page.context().setOffline(false);
  await page.goto(`${server.url}/field/exchange`);
  await button('Отправить сейчас').click();
  await expect(page.getByRole('link', { name: 'Исправить' }).first()).toBeVisible();
  await check('refused record');

  await followLink(page, '/field/survey/campaign-next');
  await button('Новая анкета').click();
  await expect(page.getByRole('radio').first()).toBeVisible();
  await check('a question of the questionnaire');
});

test('forms and dialogs of the desk meet WCAG 2.2 AA', async ({ openDevice, server }) => {
  const page = await (await openDevice(screens.desk)).newPage();
  await page.goto(`${server.url}/office`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectAccessible(page, 'sign-in');

  await openOffice(page, server.url, server.links());
  for (const { path, buttons } of dialogs) {
    await followLink(page, path);
    for (const button of buttons) await checkDialog(page, button);
  }
  for (const { list, links } of cards) {
    await followLink(page, list);
    await page.locator(`main a[href^="${links}"]:not([href$="/new"])`).first().click();
    await expect(page).toHaveURL(new RegExp(`${links}[^/]+$`));
    await page.getByRole('button', { name: 'Изменить', exact: true }).first().click();
    await expect(page.getByRole('main').getByRole('textbox').first()).toBeVisible();
    await expectAccessible(page, `${links}: form`);
  }
});

/** What opens over a page of the desk, by the buttons that open it. */
const dialogs = [
  { path: '/office/devices', buttons: ['Подключить планшет'] },
  { path: '/office/inbox', buttons: ['Вернуть с замечанием', 'Клавиши'] },
  { path: '/office/project', buttons: ['Добавить показатель', 'Добавить строку'] }
];

/** A list of the desk and how the addresses begin whose cards can be changed. */
const cards = [
  { list: '/office/people', links: '/office/people/' },
  { list: '/office/organisations', links: '/office/organisations/' },
  { list: '/office/organisations', links: '/office/groups/' },
  { list: '/office/settlements', links: '/office/settlements/' }
];

async function checkDialog(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, button, { part: 'dialog[open]' });
  await page.keyboard.press('Escape');
}
