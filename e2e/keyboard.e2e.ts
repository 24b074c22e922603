import type { Locator, Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { enrolTablet, safetyLine, sendNow } from './page-models/field-notebook.ts';
import { expectCounts, lineOf, unmarked } from './page-models/sheet.ts';

test.use({ ...screens.tablet });
test.setTimeout(300_000);

/** More presses of Tab than any field screen has stops. */
const mostStops = 120;

test('a seminar and a note are done by keyboard alone: every stop is seen, dialogs hold the focus and give it back', async ({
  page,
  server
}) => {
  await enrolTablet(page, server.url, server.links());
  await press(page, page.getByRole('link', { name: 'Лист', exact: true }));
  await expectCounts(page, 'Отмечено 0 из 18', 'Присутствует: 0');

  await test.step('a mark, its undoing, another state', async () => {
    const label = (await unmarked(page).first().getAttribute('aria-label')) ?? '';
    const name = label.slice(0, label.lastIndexOf(':'));
    await press(page, lineOf(page, name));
    await expect(lineOf(page, name)).toHaveAccessibleName(/: Присутствует$/);
    await press(page, page.getByRole('button', { name: 'Снять отметку' }));
    await expect(lineOf(page, name)).toHaveAccessibleName(/: Отметить$/);
    await expect(lineOf(page, name)).toBeFocused();

    const more = page.getByRole('button', { name: `${name}: другие отметки, подпись, согласие` });
    await press(page, more);
    await expectHeld(page);
    await page.keyboard.press('Escape');
    await expect(more).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    // The browser tells of a closing only after the focus has gone back: a press in between opens it again.
    await more.evaluate(async (button: HTMLElement) => {
      const way = [...document.querySelectorAll<HTMLElement>('dialog button')];
      way.find((one) => one.textContent.trim() === 'Закрыть')?.click();
      await Promise.resolve();
      button.click();
    });
    await press(page, page.getByRole('dialog').getByRole('button', { name: 'С опозданием' }));
    await expect(lineOf(page, name)).toHaveAccessibleName(/: С опозданием$/);
    await expect(more).toBeFocused();
  });

  await test.step('a newcomer with the step of consent', async () => {
    const newcomer = page.getByRole('button', { name: 'Новый участник' });
    await press(page, newcomer);
    await tabTo(page, page.getByLabel('Фамилия', { exact: true }));
    await page.keyboard.type('Зимовьев');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Егор');
    await expectHeld(page);
    await tabTo(page, page.getByLabel('Имя', { exact: true }));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Согласие: Зимовьев Егор' })).toBeVisible();
    await expectHeld(page);
    await press(page, page.getByRole('button', { name: 'На бумаге, позже' }));
    await expect(newcomer).toBeFocused();
    await expectCounts(page, 'Отмечено 2 из 19', 'Присутствует: 2');
  });

  await test.step('the sheet is closed and opened again', async () => {
    const menu = page.getByRole('button', { name: 'Меню листа' });
    await press(page, menu);
    await press(page, page.getByRole('dialog').getByRole('button', { name: 'Закрыть лист' }));
    await expect(page.getByRole('dialog', { name: 'Итоги листа' })).toBeVisible();
    await expectHeld(page);
    await press(page, page.getByRole('dialog').getByRole('button', { name: 'Закрыть лист' }));
    await expect(page.getByText('Лист закрыт. Присутствует: 2. Его можно открыть снова.')).toBeVisible();
    await expect(menu).toBeFocused();
    await press(page, page.getByRole('button', { name: 'Открыть снова' }));
    await expect(page.getByRole('button', { name: 'Новый участник' })).toBeVisible();
  });

  await test.step('a consultation note', async () => {
    await press(page, page.getByRole('link', { name: 'Сегодня' }));
    await press(page, page.getByRole('link', { name: 'Консультация', exact: true }));
    await tabTo(page, page.getByRole('searchbox'));
    await page.keyboard.type('наш двор');
    await press(page, page.getByRole('button', { name: /Инициативная группа «Наш двор»/ }));
    await tabTo(page, page.getByRole('checkbox', { name: 'Отчётность' }));
    await page.keyboard.press('Space');
    await tabTo(page, page.getByLabel('Что посоветовали'));
    await page.keyboard.type('Сдать отчёт до 15 апреля');
    await press(page, page.getByRole('button', { name: 'Сохранить запись' }));
    await expect(page.getByRole('heading', { level: 1, name: 'Мои записи' })).toBeVisible();
  });
  await expect(safetyLine(page)).toBeVisible();
  await sendNow(page);
});

/** Goes to a control by Tab and presses it by Enter. */
async function press(page: Page, control: Locator): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press('Enter');
}

/** Presses Tab until a control has the focus, which must be seen on it. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible();
  for (let stops = 0; stops < mostStops; stops += 1) {
    const isThere = await control.evaluate((element) => element === document.activeElement);
    if (isThere) {
      expect(await control.evaluate(isFocusSeen), 'the focus is seen').toBe(true);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${control.toString()}`);
}

/** A whole round of Tab stays in the dialog or the browser's own bar, never on the page below. */
async function expectHeld(page: Page): Promise<void> {
  const stops = await page.getByRole('dialog').locator('button, a, input, select, textarea').count();
  for (let stop = 0; stop <= stops + 1; stop += 1) {
    await page.keyboard.press('Tab');
    const outside = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement !== document.body && activeElement?.closest('dialog') === null;
    });
    expect(outside, 'the focus left the dialog').toBe(false);
  }
}

function isFocusSeen(element: Element): boolean {
  // A field may draw the ring around itself and its icon.
  for (const one of [element, element.parentElement]) {
    if (one === null) continue;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    if (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) return true;
    if (one !== element && boxShadow !== 'none') return true;
  }
  return false;
}
