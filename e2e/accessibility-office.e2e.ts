import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { openOffice } from './page-models/office.ts';

test.setTimeout(300_000);

const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A list of the desk and the first link in it that opens a page of its own. */
const cards = [
  { list: '/office/events', links: 'td a[href^="/office/events/"]' },
  { list: '/office/people', links: 'td a[href^="/office/people/"]' },
  { list: '/office/organisations', links: 'td a[href^="/office/organisations/"]' },
  { list: '/office/organisations', links: 'td a[href^="/office/groups/"]' },
  { list: '/office/settlements', links: 'td a[href^="/office/settlements/"]' },
  { list: '/office/consultations', links: 'td a[href^="/office/consultations/"]' },
  { list: '/office/project', links: 'a[href^="/office/indicators/"]' },
  { list: '/office/surveys', links: 'td a[href^="/office/surveys/"]' }
];
const words = {
  ru: {
    edit: 'Изменить',
    dialogs: [
      { path: '/office/devices', button: 'Подключить планшет' },
      { path: '/office/inbox', button: 'Вернуть с замечанием' },
      { path: '/office/inbox', button: 'Клавиши' },
      { path: '/office/project', button: 'Добавить показатель' },
      { path: '/office/project', button: 'Добавить строку' }
    ],
    plan: 'Изменить план',
    consent: 'Записать согласие'
  },
  en: {
    edit: 'Edit',
    dialogs: [
      { path: '/office/devices', button: 'Connect a tablet' },
      { path: '/office/inbox', button: 'Return with a remark' },
      { path: '/office/inbox', button: 'Keys' },
      { path: '/office/project', button: 'Add an indicator' },
      { path: '/office/project', button: 'Add a line' }
    ],
    plan: 'Change the plan',
    consent: 'Note a consent'
  }
};

for (const language of ['ru', 'en'] as const) {
  test(`cards, forms and dialogs of the desk meet WCAG 2.2 AA (${language})`, async ({
    openDevice,
    server
  }) => {
    const context = await openDevice(screens.desk);
    const page = await context.newPage();
    // Before anybody is signed in.
    await page.goto(`${server.url}/office`);
    await speak(page, language);
    await check(page, `${server.url}/office`, 'sign-in');
    await check(page, `${server.url}/office/setup/used`, 'set-up');

    await openOffice(page, server.url, server.links(), language);
    for (const path of ['/office/settings', '/office/surveys', '/office/surveys/new', '/office/events/new'])
      await check(page, server.url + path, path);
    const said = words[language];
    for (const { list, links } of cards) {
      await page.goto(server.url + list);
      await page.locator(links).first().click();
      await expect(page).toHaveURL(/\/office\/\w+\/[^/]+$/);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await scan(page, list, 'main');
      if (list === '/office/events') await checkDialog(page, said.plan);
      if (list === '/office/people') await checkDialog(page, said.consent);
      const edit = page.getByRole('button', { name: said.edit, exact: true });
      if ((await edit.count()) > 0) {
        await edit.first().click();
        await scan(page, `${list}: form`, 'main');
      }
      if (list === '/office/surveys') {
        const address = page.url();
        await check(page, `${address}?list`, 'answers');
        await check(page, `${address}/poster`, 'poster');
      }
    }
    for (const { path, button } of said.dialogs) {
      await page.goto(server.url + path);
      await checkDialog(page, button);
    }
  });
}

async function speak(page: Page, language: 'ru' | 'en'): Promise<void> {
  await page.evaluate((chosen) => localStorage.setItem('PARAGLIDE_LOCALE', chosen), language);
}

async function check(page: Page, address: string, what: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
  await scan(page, what);
}

async function checkDialog(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await scan(page, button, 'dialog');
  await page.keyboard.press('Escape');
}

/** @param part what is new on the screen: the frame around it is looked at elsewhere */
async function scan(page: Page, what: string, part = 'body'): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(part).withTags(levels).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(' ')}`)
  );
  expect.soft(found, what).toEqual([]);
}
