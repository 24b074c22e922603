import { readFile } from 'node:fs/promises';
import { attendanceId } from '#domain/records/attendance.ts';
import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import { openOfficeSession } from './office-session.ts';
import {
  enrolTablet,
  expectDelivered,
  openTodaysSheet,
  safetyLine,
  sendNow
} from './page-models/field-notebook.ts';
import { goTo, openOffice } from './page-models/office.ts';
import { lineOf, markFirst, personOf, setStatus } from './page-models/sheet.ts';
import { spoilOutbox } from './page-models/spoilt-outbox.ts';

test.use({ ...screens.tablet });
test.setTimeout(300_000);

test('a note whose tab died half typed, and a questionnaire from somebody’s words, reach the office from the tablet', async ({
  page,
  context,
  openDevice,
  server
}) => {
  const network = await openNetwork(server.url);
  await enrolTablet(page, network.url, server.links());
  network.cut(true);

  await page.goto(`${network.url}/field/consultation/new`);
  await page.getByRole('searchbox').fill('наш двор');
  await page.getByRole('button', { name: /Инициативная группа «Наш двор»/ }).click();
  await page.getByLabel('С чем обратились').fill('Нужен образец устава');
  await expect(page.getByText('Черновик сохранён на этом устройстве')).toBeVisible();
  const address = page.url();
  expect(address).toMatch(/\/field\/consultation\/(?!new)/);
  const devtools = await context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  void devtools.send('Page.crash').catch(() => undefined);
  await crashed;

  const again = await context.newPage();
  await test.step('the draft is in the list and is filled in to the end', async () => {
    await again.goto(`${network.url}/field/consultation`);
    await again.getByRole('link', { name: /«Наш двор».*черновик/ }).click();
    await expect(again).toHaveURL(address);
    await expect(again.getByLabel('С чем обратились')).toHaveValue('Нужен образец устава');
    await again.getByRole('button', { name: 'Добавить человека' }).click();
    await again.getByLabel('Фамилия', { exact: true }).fill('зимовьева');
    await again.getByLabel('Имя', { exact: true }).fill('анфиса');
    await again.getByRole('button', { name: 'Записать и отметить' }).click();
    await expect(again.getByText('Зимовьева Анфиса')).toBeVisible();
    await again.getByRole('checkbox', { name: 'Регистрация НКО' }).check();
    await again.getByRole('checkbox', { name: /^Конфиденциально/ }).check();
    await again.getByRole('textbox', { name: /^Следующий шаг/ }).fill('прислать образец устава');
    await again.getByRole('button', { name: 'Через неделю' }).click();
    await again.getByRole('button', { name: 'Сохранить запись' }).click();
    await expect(again.getByRole('heading', { level: 1, name: 'Мои записи' })).toBeVisible();
    await expect(again.getByRole('link', { name: /«Наш двор».*на планшете/ })).toBeVisible();
    await again.goto(`${network.url}/field`);
    await expect(again.getByRole('link', { name: /прислать образец устава/ })).toBeVisible();
  });

  const code = await test.step('a questionnaire is asked and recorded without a network', async () => {
    await again.getByRole('link', { name: 'Анкета', exact: true }).click();
    await again.getByRole('link', { name: /Какая помощь нужна вашему селу/ }).click();
    await again.getByRole('button', { name: 'Новая анкета' }).click();
    await again.getByLabel('Начните писать').fill('шерк');
    await again.getByRole('radio', { name: 'Шеркалы' }).check();
    await next(again);
    await again.getByRole('radio', { name: 'Инициативную группу без регистрации' }).check();
    while (!(await again.getByRole('button', { name: 'Записать анкету' }).isVisible())) await next(again);
    await again.getByRole('button', { name: 'Записать анкету' }).click();
    const number = again.getByText(/^[А-ЯЁ]+-\d{3}$/);
    await expect(number).toBeVisible();
    return number.innerText();
  });

  network.cut(false);
  await again.goto(`${network.url}/field`);
  await sendNow(again);

  const office = await (await openDevice(screens.desk)).newPage();
  await openOffice(office, server.url, server.links());
  await goTo(office, 'Входящие');
  await expect(office.getByRole('row').filter({ hasText: code })).toBeVisible();
  const note = office
    .getByRole('row')
    .filter({ hasText: /Консультация.*«Наш двор»/ })
    .first();
  await note.click();
  await expect(office.getByText('Нужен образец устава').first()).toBeVisible();
  await expect(office.getByText('Зимовьева Анфиса').first()).toBeVisible();
  await network.close();
});

test('a mark that the office refused is told in words, handed over as a file, corrected without a network and accepted', async ({
  page,
  server
}) => {
  const network = await openNetwork(server.url);
  const office = await openOfficeSession(server);
  await enrolTablet(page, network.url, server.links());
  await openTodaysSheet(page);
  const session = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  network.cut(true);
  const name = await markFirst(page);
  const mark = attendanceId(session, await personOf(page, name));
  await page.evaluate(spoilOutbox);
  network.cut(false);

  await page.goto(`${network.url}/field/exchange`);
  await page.getByRole('button', { name: 'Отправить сейчас' }).click();
  await expect(safetyLine(page)).toHaveText('1 запись не принята. Посмотрите почему');
  await expect(page.getByText(`Отметка: ${name}`)).toBeVisible();
  await expect(page.getByText(/^Запись заполнена не так, как ждёт центр/)).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Передать файлом' }).click()
  ]);
  expect(await readFile(await file.path(), 'utf8')).toContain(mark);

  network.cut(true);
  await page.getByRole('link', { name: 'Исправить' }).click();
  await setStatus(page, name, 'С опозданием');
  await expect(safetyLine(page)).toHaveText(/^1 запись ждёт связи/);
  network.cut(false);
  await sendNow(page);
  await expectDelivered(page);
  await expect(lineOf(page, name)).toHaveAccessibleName(/: С опозданием$/);
  const outcomes = (await office.history('attendance', mark)).map(({ outcome, set }) => [
    outcome,
    set['status']
  ]);
  expect(outcomes[0]).toEqual(['applied', 'late']);
  await office.close();
  await network.close();
});

async function next(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Дальше' }).click();
}
