import { expect, screens, test } from './fixtures.ts';
import { goTo, numberOf, openOffice } from './page-models/office.ts';

test.setTimeout(120_000);
test.use(screens.desk);

const people = 'project-next-I0';

test('a number that went down says who left, why and by whom; the history of what was decided says the same', async ({
  page,
  server
}) => {
  await openOffice(page, server.url, server.links());
  await goTo(page, 'Проект');
  await expect(numberOf(page, people)).toHaveText(/^61\s/);
  await numberOf(page, people).click();

  await test.step('somebody who is counted by one record is left out with it', async () => {
    const counted = page.getByRole('row').filter({ hasText: /\d{4}/ }).filter({ hasNotText: 'и ещё' });
    await counted.first().getByRole('link').last().click();
    await page.getByRole('button', { name: 'Не учитывать' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('Записано дважды');
    await dialog.getByRole('button', { name: 'Не учитывать' }).click();
    await expect(page.getByText(/^Не учитывается: /)).toBeVisible();
  });

  await test.step('the history names the decision', async () => {
    await expect(page.locator('a[href="/office/exchange"]').getByRole('status')).toHaveText(
      /^Всё доставлено/
    );
    await page.getByRole('button', { name: 'История' }).click();
    await expect(page.getByText('Решено не учитывать: Записано дважды')).toBeVisible();
  });

  await test.step('the project tells why, until somebody has read it', async () => {
    await goTo(page, 'Проект');
    await expect(page.getByText(/^Было 61, стало \d+\. Почему/)).toBeVisible();
    await expect(page.getByText(/координатор решил не учитывать \(.+, .+\)/).first()).toBeVisible();
    await page.reload();
    await expect(page.getByText(/^Было 61, стало \d+\. Почему/)).toBeVisible();
  });
});

test('a difference that was decided and cards that were merged are put back as they were', async ({
  page,
  server
}) => {
  await openOffice(page, server.url, server.links());

  await test.step('a difference', async () => {
    await goTo(page, 'Расхождения');
    const cards = page.getByRole('heading', { name: /^Расхождение: / });
    await expect(cards).not.toHaveCount(0);
    const before = await cards.count();
    await page.getByRole('button', { name: 'Выбрать это' }).first().click();
    await expect(page.getByText(/: выбрано «/)).toBeVisible();
    await expect(cards).toHaveCount(before - 1);
    await page.getByRole('button', { name: 'Вернуть как было' }).click();
    await expect(cards).toHaveCount(before);
  });

  await test.step('two cards of one person', async () => {
    await goTo(page, 'Похожие');
    const pairs = page.getByRole('heading', { name: /^Похожие: / });
    await expect(pairs).not.toHaveCount(0);
    const before = await pairs.count();
    await page.getByRole('button', { name: 'Оставить эту карточку' }).first().click();
    await expect(page.getByText(/^Это один человек: /)).toBeVisible();
    await expect(pairs).not.toHaveCount(before);
    await page.getByRole('button', { name: 'Вернуть как было' }).click();
    await expect(pairs).toHaveCount(before);
  });
});
