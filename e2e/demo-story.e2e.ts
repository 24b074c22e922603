import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { enrolTablet, expectDelivered, openTodaysSheet, safetyLine } from './page-models/field-notebook.ts';
import { acceptLine, goTo, numberOf, openOffice, tableLine } from './page-models/office.ts';
import { expectCounts, lineOf, markFirst, markPerson } from './page-models/sheet.ts';
import { surveyPath } from './page-models/survey-link.ts';

// The longest journey: three tabs draw at once on two cores.
test.setTimeout(300_000);

const people = 'project-next-I0';
const designers = 'project-next-I5';
const groups = 'project-next-I4';
const schoolSheet = /Лист · Шеркалы.*Школа социального проектирования/;
const groupNote = /Консультация · .*Наш двор/;
const meetingSheet = /Лист · Талинка/;

/** The demonstration's line; its buttons are what a guest has. */
const ribbon = (page: Page) => page.getByRole('complementary', { name: 'Показ' });
const cut = (page: Page) => ribbon(page).getByRole('button', { name: 'Убрать связь' }).click();
const restore = (page: Page) => ribbon(page).getByRole('button', { name: 'Вернуть связь' }).click();

test('the whole script of the demonstration, in three tabs of one browser, as its ribbon tells it', async ({
  openDevice,
  server
}) => {
  const browser = await openDevice({ hasTouch: true });
  const tab = async (viewport: { width: number; height: number }): Promise<Page> => {
    const page = await browser.newPage();
    await page.setViewportSize(viewport);
    return page;
  };
  const office = await tab(screens.desk.viewport);
  let field = await tab(screens.tablet.viewport);
  const survey = await tab(screens.phone.viewport);
  const links = server.links();
  /** The step that every tab of the browser stands at. */
  const ribbonSays = async (page: Page, words: RegExp): Promise<void> => {
    await expect(ribbon(page)).toContainText(words);
    await ribbon(page).getByRole('button', { name: 'Дальше' }).click();
  };

  await test.step('1: the coordinator opens the project', async () => {
    await openOffice(office, server.url, links);
    await expect(office.getByText('Демо-данные. Люди и организации придуманы.').first()).toBeVisible();
    await goTo(office, 'Проект');
    await expect(numberOf(office, people)).toHaveText(/^61\s+из\s+70\s/);
    await expect(numberOf(office, groups)).toHaveText(/^2\s+из\s+3\s/);
    await expect(office.getByRole('link', { name: 'Чего не хватает к отчёту: 4' })).toBeVisible();
    await ribbonSays(office, /шаг 1 из 15.*61 из 70.*2 из 3.*Чего не хватает к отчёту: 4/);
    await goTo(office, 'Входящие');
    await expect(tableLine(office, /Анкета/).first()).toBeVisible();
  });

  await test.step('2: the tablet starts without a connection', async () => {
    await enrolTablet(field, server.url, links);
    await expect(field.getByText('Демо-данные. Люди и организации придуманы.')).toBeVisible();
    await cut(field);
    await field.reload();
    await expect(safetyLine(field)).toHaveText('Связи нет. Всё, что вы отметите, останется на этом планшете');
    const today = field.getByRole('listitem').filter({ hasText: '10:00' }).first();
    await expect(today).toContainText(/Школа социального проектирования.*Шеркалы · 0 из 18/s);
    await ribbonSays(field, /шаг 2 из 15.*Убрать связь/);
  });

  await test.step('3: five marks from the top, and «елкина» finds Ёлкина', async () => {
    await openTodaysSheet(field);
    for (let marked = 0; marked < 5; marked += 1) await markFirst(field);
    await field.getByRole('searchbox').fill('елкина');
    await markPerson(field, 'Ёлкина Фёкла Семёновна');
    await field.getByRole('searchbox').clear();
    await expectCounts(field, 'Отмечено 6 из 18', 'Присутствует: 6');
    await expect(lineOf(field, 'Ёлкина Фёкла Семёновна')).toContainText('на планшете');
    await ribbonSays(field, /шаг 3 из 15.*елкина.*Отмечено 6 из 18/);
  });

  await test.step('4: a new participant, two look-alikes, a card of her own', async () => {
    await field.getByRole('button', { name: 'Новый участник' }).click();
    await field.getByLabel('Фамилия', { exact: true }).fill('Молданова');
    await field.getByLabel('Имя', { exact: true }).fill('Мария');
    await expect(field.getByText('Возможно, это Молданова Мария Ивановна, Шеркалы')).toBeVisible();
    await expect(field.getByText('Возможно, это Молданова Мария Петровна, Приобье')).toBeVisible();
    await field.getByRole('button', { name: 'Записать новую карточку' }).click();
    await field.getByRole('button', { name: 'Записать и отметить' }).click();
    await field.getByRole('button', { name: 'На бумаге, позже' }).click();
    await ribbonSays(field, /шаг 4 из 15.*Молданова, Мария/);
  });

  await test.step('5: counted without a name', async () => {
    await field.getByRole('button', { name: '+1 без имени' }).click();
    await expectCounts(field, 'Отмечено 7 из 19', 'Присутствует: 8, из них 1 без имени');
    await ribbonSays(field, /шаг 5 из 15.*Присутствует: 8, из них 1 без имени/);
  });

  await test.step('6: the tab is closed, the same link opens the same notebook', async () => {
    await field.close();
    field = await tab(screens.tablet.viewport);
    await field.goto(links.find((link) => link.includes('/enrol/')) ?? '');
    await expect(safetyLine(field)).toHaveText('9 записей ждут связи. Они хранятся на этом планшете');
    await openTodaysSheet(field);
    await expectCounts(field, 'Отмечено 7 из 19', 'Присутствует: 8, из них 1 без имени');
    await field.getByRole('link', { name: 'Сегодня' }).click();
    await ribbonSays(field, /шаг 6 из 15.*те же 8, и 9 записей/);
  });

  await test.step('7: a consultation with the fifth member of the group', async () => {
    await field.getByRole('link', { name: 'Консультация', exact: true }).click();
    await field.getByRole('searchbox').fill('наш двор');
    await field
      .getByRole('button', { name: /Наш двор/ })
      .first()
      .click();
    await field.getByLabel('Вокуева Раиса Ильинична').check();
    await field.getByLabel('Регистрация НКО').check();
    await field.getByRole('textbox', { name: 'Следующий шаг' }).fill('устав');
    await field.getByRole('button', { name: 'Через 3 дня' }).click();
    await field.getByRole('button', { name: 'Сохранить запись' }).click();
    await field.getByRole('link', { name: 'Сегодня' }).click();
    await expect(field.getByRole('link', { name: /устав/ })).toBeVisible();
    await ribbonSays(field, /шаг 7 из 15.*Наш двор.*Вокуева Раиса Ильинична/);
  });

  await test.step('8: a questionnaire without a connection and without an account', async () => {
    await survey.goto(server.url + surveyPath(links));
    await expect(survey.locator('html[data-survey=ready]')).toBeAttached();
    await cut(survey);
    await survey.getByRole('button', { name: 'Начать' }).click();
    await survey.getByLabel('Начните писать').fill('шерк');
    for (const answer of ['Шеркалы', 'Инициативную группу без регистрации', 'Обучение']) {
      await survey.getByLabel(answer, { exact: true }).check();
      await survey.getByRole('button', { name: 'Дальше' }).click();
    }
    const send = survey.getByRole('button', { name: 'Отправить анкету' });
    const next = survey.getByRole('button', { name: /^(Дальше|Пропустить)$/ });
    while (!(await send.isVisible())) {
      const shown = await survey.getByRole('main').innerText();
      await next.click();
      await expect(survey.getByRole('main')).not.toHaveText(shown, { useInnerText: true });
    }
    await send.click();
    await expect(survey.getByText(/Анкета сохранена на телефоне. Сейчас связи нет/)).toBeVisible();
    await expect(survey.getByText(/Номер анкеты: [А-ЯЁ]+-\d{3}/)).toBeVisible();
    await expect(ribbon(survey)).toContainText('шаг 9 из 15');
    await ribbonSays(field, /шаг 8 из 15.*Убрать связь/);
  });
  const numbered = (await survey.getByText(/Номер анкеты: /).innerText()).match(/[А-ЯЁ]+-\d{3}/)?.[0] ?? '';

  await test.step('9: the connection is back in both, everything is delivered', async () => {
    await restore(field);
    await expectDelivered(field);
    await restore(survey);
    await expect(survey.getByText('Анкета доставлена. Спасибо.')).toBeVisible();
    await ribbonSays(field, /шаг 9 из 15.*Вернуть связь/);
  });

  await test.step('10: the inbox has filled by itself; the numbers wait in grey', async () => {
    await expect(tableLine(office, new RegExp(`Анкета ${numbered} · Шеркалы`))).toBeVisible();
    await expect(tableLine(office, schoolSheet)).toBeVisible();
    await expect(tableLine(office, groupNote).first()).toBeVisible();
    await tableLine(office, schoolSheet).click();
    await expect(office.getByText('8 участников, из них 1 без имени')).toBeVisible();
    await goTo(office, 'Проект');
    for (const [indicator, waiting] of [
      [people, 'ещё 8 ждут проверки'],
      [groups, 'ещё 1 ждёт проверки'],
      [designers, 'ещё 8 ждут проверки']
    ] as const) {
      await expect(office.locator(`a[href="/office/indicators/${indicator}?show=waiting"]`)).toHaveText(
        waiting
      );
    }
    await expect(numberOf(office, people)).toHaveText(/^61\s/);
    await ribbonSays(office, /шаг 10 из 15.*ещё 8 ждут проверки/);
  });

  await test.step('11: accepted: 61 people become 69 and one without a name, two groups three', async () => {
    await goTo(office, 'Входящие');
    await acceptLine(office, schoolSheet);
    await acceptLine(office, groupNote);
    await goTo(office, 'Проект');
    await expect(numberOf(office, people)).toHaveText(/^69\s+из\s+70\s/);
    await expect(office.getByText('и 1 без имени').first()).toBeVisible();
    await expect(numberOf(office, groups)).toHaveText(/^3\s+из\s+3\s/);
    await ribbonSays(office, /шаг 11 из 15.*61 → 69 из 70 и 1 без имени.*2 → 3 из 3/);
  });

  await test.step('12: the 69 open to people, and four who are not counted say why', async () => {
    await numberOf(office, people).click();
    const counted = office.getByRole('grid', { name: 'Люди, получившие услуги' });
    await expect(counted).toHaveAttribute('aria-rowcount', '70');
    await expect(tableLine(office, /Вокуева Раиса Ильинична.*Консультация/)).toBeVisible();
    await office.getByRole('link', { name: /^Не учтено/ }).click();
    await expect(tableLine(office, 'возвращено на исправление')).toHaveCount(2);
    await expect(tableLine(office, 'не в сроки проекта')).toHaveCount(1);
    await expect(office.getByText(/муниципальное учреждение, не СО НКО/)).toHaveCount(1);
    await ribbonSays(office, /шаг 12 из 15.*всего 4/);
  });

  await test.step('13: a difference is decided, and put back as it was', async () => {
    await goTo(office, 'Расхождения');
    const heading = office.getByRole('heading', { name: 'Расхождение: Волдин Игорь Семёнович' });
    await expect(heading).toBeVisible();
    await expect(office.getByText(/Планшет № 1 · .*10:42/s)).toBeVisible();
    await expect(office.getByText(/Планшет № 2 · .*12:10/s)).toBeVisible();
    await office.getByRole('button', { name: 'Выбрать это' }).click();
    await expect(heading).toHaveCount(0);
    await office.getByRole('button', { name: 'Вернуть как было' }).click();
    await expect(heading).toBeVisible();
    await ribbonSays(office, /шаг 13 из 15.*Волдин Игорь Семёнович/);
  });

  await test.step('14: a remark is on the tablet a moment after the sheet was returned', async () => {
    await goTo(office, 'Входящие');
    await tableLine(office, meetingSheet).first().click();
    await office.getByRole('button', { name: 'Вернуть с замечанием' }).click();
    await office.getByRole('dialog').getByRole('textbox').fill('Уточните дату');
    await office.getByRole('dialog').getByRole('button', { name: 'Вернуть', exact: true }).click();
    await expect(field.getByRole('link', { name: /Уточните дату/ })).toBeVisible({ timeout: 10_000 });
    await expect(field.getByRole('main')).toContainText('Вернули на исправление');
    await ribbonSays(office, /шаг 14 из 15.*Талинк.*Уточните дату/);
  });

  await test.step('15: what the report lacks, and the tablet that nobody heard for five days', async () => {
    await goTo(office, 'Отчёт');
    await expect(tableLine(office, /Выездная приёмная.*Нет листа/)).toBeVisible();
    await expect(tableLine(office, /Круглый стол.*Лист не проверен/)).toBeVisible();
    await expect(tableLine(office, /Начинающий фандрайзер.*Готово/)).toBeVisible();
    await expect(
      office.getByRole('link', { name: 'Планшет № 3: нет связи 5 дней. Тогда ждали отправки: 12' })
    ).toBeVisible();
    await ribbonSays(office, /шаг 15 из 15.*нет связи 5 дней/);
  });

  await test.step('the end leads back to the beginning without a terminal', async () => {
    await expect(ribbon(office)).toContainText('Показ закончен. Данные можно вернуть к началу.');
    await ribbon(office).getByRole('button', { name: 'Начать заново' }).click();
    await ribbon(office).getByRole('button', { name: 'Да, начать заново' }).click();
    await expect(ribbon(office)).toContainText('шаг 1 из 15', { timeout: 60_000 });
    await goTo(office, 'Проект');
    await expect(numberOf(office, people)).toHaveText(/^61\s+из\s+70\s/);
    await expect(field.getByRole('link', { name: 'Открыть блокнот' })).toBeVisible();
  });
});
