import { expect, screens, test } from './fixtures.ts';
import { openNetwork, type Network } from './network.ts';
import { enrolTablet, expectDelivered, openTodaysSheet, safetyLine } from './page-models/field-notebook.ts';
import { expectCounts, expectStill, lineOf, markFirst, markPerson, unmarked } from './page-models/sheet.ts';

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
    await markPerson(page, 'Ёлкина Фёкла');
    await expect(page.getByText('на планшете')).toBeVisible();
    await search.clear();
    for (let marked = 0; marked < 4; marked += 1) await markFirst(page);
    await expectCounts(page, 'Отмечено 5 из 18', 'Присутствует: 5');
  });

  await test.step('a list that changes while the finger is down marks the one whom the finger touched', async () => {
    const search = page.getByRole('searchbox');
    const label = (await unmarked(page).last().getAttribute('aria-label')) ?? '';
    const name = label.slice(0, label.lastIndexOf(':'));
    await lineOf(page, name).hover();
    await page.mouse.down();
    await search.fill(name.slice(0, 4));
    await page.evaluate(nextTimers);
    await page.mouse.up();
    await expect(lineOf(page, name)).toHaveAccessibleName(/: Присутствует$/);
    await search.clear();
    await expectStill(page);
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

/** Whatever a key has asked for, at once or behind the next picture, is done. */
function nextTimers(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      setTimeout(() => {
        requestAnimationFrame(() => {
          setTimeout(resolve);
        });
      });
    });
  });
}
