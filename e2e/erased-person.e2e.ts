import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request, type Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { administrator, setUp } from './fresh-centre.ts';
import { openNetwork, type Network } from './network.ts';
import { addWalkIn, expectDelivered, safetyLine, sendNow } from './page-models/field-notebook.ts';
import { expectCounts, lineOf, openMenu, personOf, setStatus } from './page-models/sheet.ts';
import { startServer, zimnik } from './server.ts';

test.use({ ...screens.tablet, serverMode: 'fresh' });

let network: Network;

test.beforeEach(async ({ server }) => {
  network = await openNetwork(server.url);
});

test.afterEach(async () => {
  await network.close();
});

const surname = 'Ёлкина';
/** Her telephone, which nobody may bring any more. */
const notAccepted = /^1 запись не принята/;

test('an erased person is gone from desk, tablet and a copy that is put back; the mark and all other work stay', async ({
  page,
  openDevice,
  server
}) => {
  const copies = await mkdtemp(join(tmpdir(), 'zimnik-copies-'));
  const copy = join(copies, 'before');
  const data = { ZIMNIK_DATA: server.dataDirectory };
  let person = '';
  let sheet = '';

  await test.step('a tablet without a network marks her again, edits her card, and writes down somebody else', async () => {
    const api = await request.newContext({ baseURL: server.url });
    await page.goto(network.url + (await setUp(api, server)));
    await api.dispose();
    await page.getByRole('link', { name: 'Открыть блокнот' }).click();
    await expectDelivered(page);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.getByRole('link', { name: 'Создать мероприятие' }).last().click();
    await page.getByLabel('Название').fill('Встреча у печи');
    await page.getByLabel('Населённый пункт').selectOption({ label: 'Шеркалы' });
    await page.getByRole('button', { name: 'Записать и открыть лист' }).click();
    await addWalkIn(page, surname, 'Фёкла');
    await sendNow(page);
    sheet = page.url();
    person = await personOf(page, `${surname} Фёкла`);
    expect(await zimnik(['backup', copy], data)).toMatchObject({ code: 0 });
    network.cut(true);
    await setStatus(page, `${surname} Фёкла`, 'С опозданием');
    await openMenu(page, `${surname} Фёкла`);
    await page.getByRole('link', { name: 'Дозаполнить карточку' }).click();
    await page.getByLabel('Телефон').fill('+7 912 345-67-89');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Сегодня' })).toBeVisible();
    await page.goto(sheet);
    await addWalkIn(page, 'Зимовьев', 'Егор');
    await expectCounts(page, 'Отмечено 2 из 2', 'Присутствует: 2');
    expect(await heldOf(page, person)).toContain('9123456789');
  });

  await test.step('the desk erases her: what goes and what stays is said before, the act is there after', async () => {
    const desk = await (await openDevice(screens.desk)).newPage();
    await desk.goto(`${server.url}/office/people/${person}`);
    await desk.getByLabel('Почта').fill(administrator.email);
    await desk.getByLabel('Пароль').fill(administrator.password);
    await desk.getByRole('button', { name: 'Войти' }).click();
    await expect(desk.getByLabel('Пароль')).toHaveCount(0);
    await expect(desk.locator('a[href="/office/exchange"]').getByRole('status')).toHaveText(
      /^Всё доставлено/
    );
    await desk.goto(`${server.url}/office/people/${person}`);
    await desk.getByRole('button', { name: 'Стереть данные человека' }).click();
    const dialog = desk.getByRole('dialog');
    await expect(dialog).toContainText('Вернуть нельзя');
    await dialog.getByRole('button', { name: 'Стереть навсегда' }).click();
    await expect(dialog).toContainText('Выберите основание');
    await dialog.getByLabel('Основание').selectOption({ label: 'Отзыв согласия (30 дней)' });
    await dialog.getByLabel('Номер обращения').fill('12-ПД');
    await dialog.getByLabel('Дата обращения или решения').fill('20.11.2026');
    await dialog.getByLabel('Понимаю, что вернуть нельзя').check();
    await dialog.getByRole('button', { name: 'Стереть навсегда' }).click();
    await expect(desk.getByRole('heading', { level: 1, name: 'Данные удалены' })).toBeVisible();
    await desk.getByRole('link', { name: 'Акт и выгрузка из журнала' }).click();
    await expect(desk.getByText('обращение № 12-ПД от 20')).toBeVisible();
    await expect(desk.getByText('фамилия, имя, отчество', { exact: false }).first()).toBeVisible();
    const saved = desk.waitForEvent('download');
    await desk.getByRole('button', { name: 'Выгрузка из журнала (CSV)' }).click();
    expect((await saved).suggestedFilename()).toBe(`zimnik-erasure-${person}.csv`);
    await expect(desk.getByText(surname)).toHaveCount(0);
  });

  await test.step('the tablet connects: the name is gone from it, her mark has no name, the other one arrives', async () => {
    network.cut(false);
    await page.reload();
    await expect(safetyLine(page)).toHaveText(notAccepted);
    await expect(page.getByText('Данные удалены')).toBeVisible();
    await expectCounts(page, 'Отмечено 2 из 2', 'Присутствует: 2');
    await page.getByRole('searchbox').fill('елкина ф');
    await expect(lineOf(page, `${surname} Фёкла`)).toHaveCount(0);
    expect(await heldOf(page, person)).not.toMatch(/Фёкла|9123456789/);
    await safetyLine(page).click();
    await expect(page.getByText('Данные этого человека удалены по его просьбе.')).toBeVisible();
    await page.goto(sheet);
  });

  await test.step('the server is put back from a copy made before: she does not come back, the work does', async () => {
    await server.stop();
    const restored = await zimnik(['restore', copy], data);
    expect(restored.printed).toContain('Restored and proved');
    const again = await startServer({
      mode: 'fresh',
      port: server.port,
      dataDirectory: server.dataDirectory
    });
    const proved = await zimnik(['verify'], data);
    expect(proved.printed).toContain('the chain is whole');
    await page.reload();
    await expect(safetyLine(page)).toHaveText(notAccepted);
    await expectCounts(page, 'Отмечено 2 из 2', 'Присутствует: 2');
    const office = await request.newContext({ baseURL: again.url });
    expect(
      (
        await office.post('/api/sign-in', {
          data: { email: administrator.email, password: administrator.password }
        })
      ).ok()
    ).toBe(true);
    const historyOf = async (type: string, id: string): Promise<string> =>
      (await office.get(`/api/records/${type}/${id}/history`)).text();
    await expect.poll(() => historyOf('attendance', markOf(page, person))).toContain('late');
    expect(await historyOf('person', person)).not.toMatch(/Фёкла|9123456789/);
    expect(await heldOf(page, person)).not.toMatch(/Фёкла|9123456789/);
    await office.dispose();
    await again.stop();
  });
  await rm(copies, { recursive: true });
});

/** Everything in this page's local databases that speaks of a person, as text. */
function heldOf(page: Page, person: string): Promise<string> {
  return page.evaluate(async (id) => {
    const found: string[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error ?? new Error(name));
      });
      for (const table of database.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve, reject) => {
          const asked = database.transaction(table).objectStore(table).getAll();
          asked.onsuccess = () => resolve(asked.result as unknown[]);
          asked.onerror = () => reject(asked.error ?? new Error(table));
        });
        found.push(...rows.map((row) => JSON.stringify(row)).filter((text) => text.includes(id)));
      }
      database.close();
    }
    return found.join('\n');
  }, person);
}

/** The id of the person's mark on the sheet that is open. */
function markOf(page: Page, person: string): string {
  const session = /\/field\/sheet\/([^/?]+)/.exec(page.url())?.[1] ?? '';
  return `${session}~${person}`;
}
