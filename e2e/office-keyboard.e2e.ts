import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { goTo, openOffice } from './page-models/office.ts';

test.use({ ...screens.desk });

test('the whole desk by keyboard: the inbox, its dialogs, search, the keys themselves', async ({
  page,
  server
}) => {
  await openOffice(page, server.url, server.links());
  await goTo(page, 'Входящие');
  const heading = page.getByRole('heading', { level: 1 });
  // How many wait depends on the day of the demonstration; while decisions are still being read there are more.
  await expect(heading).toHaveText(/^Входящие: 1\d$/);
  const waiting = Number((await heading.innerText()).replace(/\D/g, ''));
  const grid = page.getByRole('grid', { name: 'Входящие' });
  const focused = grid.locator('tr:focus');

  // J and K work at once, though the focus is still in the navigation; the preview follows.
  await page.keyboard.press('j');
  const first = await lineAt(page);
  await page.keyboard.press('j');
  const second = await lineAt(page);
  expect(second).not.toBe(first);
  await page.keyboard.press('k');
  expect(await lineAt(page)).toBe(first);
  await expect(page.getByRole('region', { name: first })).toBeVisible();

  // Space chooses, Shift with an arrow goes on choosing, A accepts what is chosen, and the way back is one key away.
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('Выбрано: 2')).toBeVisible();
  await page.keyboard.press('a');
  await expect(heading).toHaveText(`Входящие: ${waiting - 2}`);
  const undo = page.getByRole('button', { name: 'Вернуть как было' });
  await undo.focus();
  await page.keyboard.press('Enter');
  await expect(heading).toHaveText(`Входящие: ${waiting}`);

  // R asks for a remark in a dialog that holds the focus and gives it back.
  await focused.or(grid.locator('tr[tabindex="0"]')).first().focus();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Вернуть с замечанием' });
  await expect(dialog).toBeVisible();
  for (let steps = 0; steps < 8; steps++) {
    await page.keyboard.press('Tab');
    expect(await isInDialog(page)).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(focused).toHaveCount(1);

  // «?» shows the keys, whatever the layout of the keyboard.
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Клавиши' })).toBeVisible();
  await page.keyboard.press('Escape');

  // Enter opens the whole page of the line.
  await focused.or(grid.locator('tr[tabindex="0"]')).first().focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/office\/(responses|consultations|sheets)\//);

  // «/» finds in a register; the search is in the address and outlives a reload.
  await goTo(page, 'Люди');
  await expect(page.getByRole('searchbox')).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('волдин');
  await expect(page).toHaveURL(/q=/);
  await page.reload();
  await expect(page.getByRole('searchbox')).toHaveValue('волдин');
  const rows = page.getByRole('grid', { name: 'Люди' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('Волдин');

  // The table is downloaded as it is seen, for a Russian spreadsheet.
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Скачать CSV' }).click()
  ]);
  const text = await readFile(await file.path(), 'utf8');
  expect(text.startsWith('\uFEFFИмя;Населённый пункт;Организация')).toBe(true);
  expect(text.trimEnd().split('\r\n')).toHaveLength(await rows.count());
});

async function lineAt(page: Page): Promise<string> {
  const cell = page.getByRole('grid', { name: 'Входящие' }).locator('tr:focus td').nth(1);
  return (await cell.textContent())?.trim() ?? '';
}

function isInDialog(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { activeElement } = document;
    // Beyond the last control a browser shows its own address bar: the page itself has nothing in focus then.
    return activeElement === document.body || activeElement?.closest('dialog') !== null;
  });
}
