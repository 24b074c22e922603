import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { goTo, tableLine } from './page-models/office.ts';
import { expectDelivered, safetyLine } from './page-models/field-notebook.ts';
import { lineOf, markPerson } from './page-models/sheet.ts';
import { expectCodeOf } from './qr.ts';

test.use({ ...screens.desk, serverMode: 'fresh' });
test.setTimeout(300_000);

const anna = { name: 'Каюрова Анна', email: 'anna@example.org', password: 'зимняя дорога 7' };
const olga = { name: 'Лескова Ольга', email: 'olga@example.org', password: 'ледовая переправа 5' };

test('a centre from its first link to a tablet that is connected, works and is taken away', async ({
  page,
  server,
  openDevice
}) => {
  const setup = server.links().find((link) => link.includes('/office/setup/')) ?? '';
  await setUp(page, setup);

  // The link was for once: whoever opens it later is led to the sign-in.
  const stranger = await (await openDevice(screens.desk)).newPage();
  await stranger.goto(setup);
  await expect(stranger.getByText('Центр уже настроен.')).toBeVisible();
  await stranger.getByRole('link', { name: 'Перейти ко входу' }).click();
  await signIn(stranger, { ...olga, password: 'не тот пароль' });
  await expect(stranger.getByText('Почта и пароль не подошли.', { exact: false })).toBeVisible();
  await signIn(stranger, olga);
  await expect(stranger.getByRole('heading', { level: 1, name: 'Сегодня' })).toBeVisible();

  await writeCards(page);
  await planEvent(page);
  const link = await connectionLink(page);
  const tablet = await (await openDevice(screens.tablet)).newPage();
  await tablet.goto(link);
  await tablet.getByRole('link', { name: 'Открыть блокнот' }).click();
  await expectDelivered(tablet);

  // Used up: another browser is told so on a page of its own.
  const late = await (await openDevice(screens.tablet)).newPage();
  await late.goto(link);
  await expect(late.getByText('По этой ссылке уже подключено устройство', { exact: false })).toBeVisible();
  await late.goto(`${new URL(link).origin}/enrol/NoSuchCode12`);
  await expect(late.getByText('Такой ссылки для подключения нет.', { exact: false })).toBeVisible();
  await late.close();

  // What is changed at the desk is on the tablet a moment later.
  await tablet.getByRole('link', { name: 'Лист', exact: true }).click();
  await expect(tablet.getByText('Отмечено 0 из 1')).toBeVisible();
  await page.getByRole('button', { name: 'Закрыть', exact: true }).last().click();
  await goTo(page, 'Мероприятия');
  await page.getByRole('link', { name: 'Школа устава' }).click();
  await page.getByRole('button', { name: 'Изменить', exact: true }).click();
  await page.getByLabel('Название').fill('Школа устава и отчётности');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Школа устава и отчётности' })).toBeVisible();
  await expect(tablet.getByText('Школа устава и отчётности', { exact: false })).toBeVisible();

  // Taken away at the desk; what it writes afterwards waits for the coordinator, who lets it in.
  await goTo(page, 'Планшеты');
  await tableLine(page, 'Планшет сельсовета').getByRole('button', { name: 'Отключить' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Отключить' }).click();
  await expect(tableLine(page, 'Планшет сельсовета')).toContainText('отключено');
  await markPerson(tablet, 'Волдин');
  await expect(safetyLine(tablet)).toHaveText(/^Планшет отключён координатором/);
  await expect(lineOf(tablet, 'Волдин')).toHaveAccessibleName(/: Присутствует$/);
  const held = tableLine(page, 'Планшет отключён, запись пришла после этого');
  await expect(held).toContainText('Волдин Игорь');
  await held.getByRole('button', { name: 'Принять всё равно' }).click();
  await expect(held).toHaveCount(0);
  await goTo(page, 'Мероприятия');
  await page.getByRole('link', { name: 'Школа устава и отчётности' }).click();
  await expect(page.getByText('присутствует: 1')).toBeVisible();

  await moveAndCancel(page);
  await startSurvey(page);
  await takeRights(page, stranger);
  await guessTooOften(page);
});

/** The administrator's first start, with a second coordinator. */
async function setUp(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Название центра').fill('РЦ «Проба»');
  await page.getByLabel('Телефон центра').fill('+7 900 000-00-01');
  await page.getByRole('button', { name: 'Добавить вторую запись' }).click();
  for (const [index, person] of [anna, olga].entries()) {
    await page.getByLabel('Фамилия и имя').nth(index).fill(person.name);
    await page.getByLabel('Почта').nth(index).fill(person.email);
    await page.getByLabel('Пароль').nth(index).fill(person.password);
  }
  await page.getByRole('button', { name: 'Начать работу' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Сегодня' })).toBeVisible();
}

async function signIn(page: Page, { email, password }: typeof anna): Promise<void> {
  await page.getByLabel('Почта').fill(email);
  await page.getByLabel('Пароль').fill(password);
  await page.getByRole('button', { name: 'Войти' }).click();
}

/** A village and a person of an empty centre; what is half-typed outlives another language. */
async function writeCards(page: Page): Promise<void> {
  await goTo(page, 'Населённые пункты');
  await page.getByRole('link', { name: 'Новый населённый пункт' }).click();
  await page.getByLabel('Название').fill('Шеркалы');
  await page.getByRole('checkbox', { name: 'зимник' }).check();
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Шеркалы' })).toBeVisible();

  await goTo(page, 'Люди');
  await page.getByRole('link', { name: 'Новый человек' }).click();
  await page.getByLabel('Фамилия').fill('Волдин');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New person' })).toBeVisible();
  await expect(page.getByLabel('Surname')).toHaveValue('Волдин');
  await page.getByRole('button', { name: 'Русский' }).click();
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Впишите, без этого запись не сохранить')).toBeVisible();
  await page.getByLabel('Имя', { exact: true }).fill('Игорь');
  await page.getByLabel('Населённый пункт').selectOption({ label: 'Шеркалы' });
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Волдин Игорь' })).toBeVisible();
}

/** Two sessions, the first of them today, with one person expected. */
async function planEvent(page: Page): Promise<void> {
  await goTo(page, 'Мероприятия');
  await page.getByRole('link', { name: 'Новое мероприятие' }).click();
  await page.getByLabel('Название').fill('Школа устава');
  await page.getByLabel('Населённый пункт').selectOption({ label: 'Шеркалы' });
  await page.getByRole('button', { name: 'Добавить занятие' }).click();
  await page.getByRole('textbox', { name: 'Дата' }).nth(0).fill(dayFromNow(0));
  await page.getByRole('textbox', { name: 'Дата' }).nth(1).fill(dayFromNow(7));
  await page.getByRole('button', { name: 'Запланировать' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Школа устава' })).toBeVisible();
  await page.getByLabel('Кого пригласить').fill('волд');
  await page.getByRole('button', { name: 'Пригласить', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Ждём: 1' })).toBeVisible();
}

/** «Подключить планшет» for a new worker: the link and its code for a camera. */
async function connectionLink(page: Page): Promise<string> {
  await goTo(page, 'Планшеты');
  await page.getByRole('button', { name: 'Подключить планшет' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel('У кого', { exact: true })
    .selectOption({ label: 'Новый сотрудник, его ещё нет в списке' });
  await dialog.getByLabel('Имя и фамилия сотрудника').fill('Протокова Людмила');
  await dialog.getByLabel('Как назвать планшет').fill('Планшет сельсовета');
  await dialog.getByRole('button', { name: 'Получить ссылку' }).click();
  const link = (await dialog.getByRole('link').textContent()) ?? '';
  expect(link).toContain('/enrol/');
  await expectCodeOf(dialog.getByRole('img', { name: 'Код для камеры' }), link);
  return link;
}

async function moveAndCancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Изменить план' }).click();
  await page.getByRole('radio', { name: 'Перенесено' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
  await page.getByLabel('Причина').selectOption({ label: 'Актированный день' });
  await page.getByRole('textbox', { name: 'Новый день' }).fill(dayFromNow(14));
  await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();
  // The event that stands instead opens by itself, with its sessions as far apart and the same people.
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('strong').filter({ hasText: 'Запланировано' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Ждём: 1' })).toBeVisible();
  await page.getByRole('button', { name: 'Изменить план' }).click();
  await page.getByRole('radio', { name: 'Отменено' }).check();
  await page.getByLabel('Причина').selectOption({ label: 'Зимник закрыт' });
  await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Отменено · Зимник закрыт')).toBeVisible();
}

async function startSurvey(page: Page): Promise<void> {
  await goTo(page, 'Опросы');
  await page.getByRole('link', { name: 'Новый опрос' }).click();
  await page.getByLabel('Заголовок').fill('Что нужно селу?');
  await page.getByRole('button', { name: 'Начать опрос' }).click();
  const address = (await page.locator('p.link a').textContent()) ?? '';
  // The link works as soon as the desk has told the centre of it.
  await expect.poll(async () => (await page.request.get(address)).text()).toContain('<title>Что нужно селу?');
  await page.getByRole('link', { name: 'Плакат с кодом' }).click();
  // The poster has the short one, for those who type it; it leads to the same questionnaire.
  const short = address.replace('/survey/', '/s/');
  await expectCodeOf(page.getByRole('img', { name: short }), short);
  expect((await page.request.get(short)).url()).toContain(new URL(address).pathname);
}

/** The second coordinator's access is closed from the page of settings, and holds no longer. */
async function takeRights(page: Page, other: Page): Promise<void> {
  await goTo(page, 'Настройки');
  await page.getByRole('combobox', { name: `Права: ${olga.name}` }).selectOption({ label: 'доступ закрыт' });
  await expect(page.getByRole('combobox', { name: `Права: ${olga.name}` })).toHaveValue('field');
  await other.reload();
  await expect(other.getByRole('heading', { name: 'Вход для сотрудников центра' })).toBeVisible();
  await signIn(other, olga);
  await expect(other.getByText('Почта и пароль не подошли.', { exact: false })).toBeVisible();
}

async function guessTooOften(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Выйти' }).click();
  await expect(page.getByRole('heading', { name: 'Вход для сотрудников центра' })).toBeVisible();
  const guess = { email: anna.email, password: 'наугад и мимо' };
  // A right password does not help any more once somebody has guessed too often.
  await expect
    .poll(async () => (await page.request.post('/api/sign-in', { data: guess })).status(), { intervals: [0] })
    .toBe(429);
  await signIn(page, anna);
  await expect(page.getByText('Слишком много попыток подряд.', { exact: false })).toBeVisible();
}

/** A day as people type it, in the zone of the browser and of the centre. */
function dayFromNow(days: number): string {
  const format = new Intl.DateTimeFormat('ru-RU', { timeZone: 'Asia/Yekaterinburg', dateStyle: 'short' });
  const [day = '', month = '', year = ''] = format.format(Date.now() + days * 86_400_000).split('.');
  return `${day}.${month}.${year.length === 2 ? `20${year}` : year}`;
}
