import { expect, screens, test } from './fixtures.ts';
import { openNetwork, type Network } from './network.ts';
import { enrolTablet, expectDelivered, openTodaysSheet, safetyLine } from './page-models/field-notebook.ts';
import { expectCounts, lineOf, markFirst } from './page-models/sheet.ts';

test.use({ ...screens.tablet });

let network: Network;

test.beforeEach(async ({ server }) => {
  network = await openNetwork(server.url);
});

test.afterEach(async () => {
  await network.close();
});

test("today's seminar is held without a network, survives the closed tab and is delivered when the network is back", async ({
  page,
  context,
  server
}) => {
  await enrolTablet(page, network.url, server.links());
  await openTodaysSheet(page);
  const sheet = page.url();

  await test.step('the network is gone: a reload opens the same sheet', async () => {
    network.cut(true);
    await page.reload();
    await expectCounts(page, 'Отмечено 0 из 18', 'Присутствует: 0');
    await expect(safetyLine(page)).toHaveText(/^Связи нет\. Всё, что вы отметите, останется/);
  });

  await test.step('five are marked with one tap each, «елкина» finds Ёлкина', async () => {
    const search = page.getByRole('searchbox');
    await search.fill('елкина');
    await lineOf(page, 'Ёлкина Фёкла').click();
    await expect(lineOf(page, 'Ёлкина Фёкла')).toHaveAccessibleName(/: Присутствует$/);
    await expect(page.getByText('на планшете')).toBeVisible();
    await search.clear();
    for (let marked = 0; marked < 5; marked += 1) await markFirst(page);
    await expectCounts(page, 'Отмечено 6 из 18', 'Присутствует: 6');
  });

  await test.step('a newcomer is compared with her namesakes and written as a new card', async () => {
    await page.getByRole('button', { name: 'Новый участник' }).click();
    await page.getByLabel('Фамилия', { exact: true }).fill('Молданова');
    await page.getByLabel('Имя', { exact: true }).fill('Мария');
    await expect(page.getByText('Возможно, это Молданова Мария Ивановна, Шеркалы')).toBeVisible();
    await expect(page.getByText('Возможно, это Молданова Мария Петровна, Приобье')).toBeVisible();
    await page.getByRole('button', { name: 'Записать новую карточку' }).click();
    await page.getByRole('button', { name: 'Записать и отметить' }).click();
    await page.getByRole('button', { name: 'На бумаге, позже' }).click();
  });

  await test.step('one refused to be written down: counted, the name is not taken', async () => {
    await page.getByRole('button', { name: '+1 без имени' }).click();
    await expect(page.getByText('Присутствует: 8, из них 1 без имени')).toBeVisible();
  });

  await test.step('the blank sheet goes onto the two leaves that it counts', async () => {
    await page.goto(`${sheet}/print?blank`);
    await expect(page.getByText('Лист № 2 из 2')).toBeVisible();
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2);
  });

  await test.step('the tab is closed and opened again', async () => {
    await page.close();
    const again = await context.newPage();
    await again.goto(sheet);
    await expect(again.getByText('Присутствует: 8, из них 1 без имени')).toBeVisible();
    await expect(safetyLine(again)).toHaveText(/^9 записей ждут связи\. Они хранятся на этом планшете$/);

    network.cut(false);
    await again.getByRole('link', { name: 'Сегодня' }).click();
    await safetyLine(again).click();
    await again.getByRole('button', { name: 'Отправить сейчас' }).click();
    await expectDelivered(again);
    await expect(again.getByText('Ничего не ждёт: всё доставлено.')).toBeVisible();
  });
});
