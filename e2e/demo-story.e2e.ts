import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import { enrolTablet, expectDelivered, openTodaysSheet, safetyLine } from './page-models/field-notebook.ts';
import { acceptLine, goTo, tableLine, numberOf, openOffice } from './page-models/office.ts';
import { lineOf, markFirst, markPerson } from './page-models/sheet.ts';

test.setTimeout(120_000);

const people = 'project-next-I0';
const groups = 'project-next-I4';

test('the story of the demonstration: 61 people become 69 and two groups three, once the coordinator accepts what the tablet brought', async ({
  openDevice,
  server
}) => {
  const network = await openNetwork(server.url);
  const field = await (await openDevice(screens.tablet)).newPage();
  const office = await (await openDevice(screens.desk)).newPage();

  await test.step('the coordinator opens the project: 61 of 70 people, 2 of 3 groups', async () => {
    await openOffice(office, server.url, server.links());
    await expect(office.getByText('Демо-данные. Люди и организации придуманы.')).toBeVisible();
    await goTo(office, 'Проект');
    await expect(numberOf(office, people)).toHaveText(/^61\s+из\s+70\s/);
    await expect(numberOf(office, groups)).toHaveText(/^2\s+из\s+3\s/);
    await goTo(office, 'Входящие');
    await expect(office.getByRole('heading', { level: 1 })).toBeVisible();
  });

  await test.step('the tablet holds the seminar without a network', async () => {
    await enrolTablet(field, network.url, server.links());
    network.cut(true);
    await field.reload();
    await openTodaysSheet(field);
    await field.getByRole('searchbox').fill('елкина');
    await markPerson(field, 'Ёлкина Фёкла Семёновна');
    await field.getByRole('searchbox').clear();
    for (let marked = 0; marked < 5; marked += 1) await markFirst(field);
    await field.getByRole('button', { name: 'Новый участник' }).click();
    await field.getByLabel('Фамилия', { exact: true }).fill('Молданова');
    await field.getByLabel('Имя', { exact: true }).fill('Мария');
    await field.getByRole('button', { name: 'Записать новую карточку' }).click();
    await field.getByRole('button', { name: 'Записать и отметить' }).click();
    await field.getByRole('button', { name: 'На бумаге, позже' }).click();
    await expect(lineOf(field, 'Молданова Мария')).not.toHaveCount(0);
    await field.getByRole('button', { name: '+1 без имени' }).click();
    await expect(field.getByText('Присутствует: 8, из них 1 без имени')).toBeVisible();
  });

  await test.step('a consultation with the fifth member of the group', async () => {
    await field.goto(`${network.url}/field/consultation/new`);
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
    await expect(field).toHaveURL(/\/field\/consultation$/);
    await field.goto(`${network.url}/field`);
    await expect(field.getByRole('link', { name: /устав/ })).toBeVisible();
    await expect(safetyLine(field)).toHaveText(/ждут связи|ждёт связи/);
  });

  await test.step('the network is back: both lie on top of the inbox, nobody pressed anything there', async () => {
    network.cut(false);
    await safetyLine(field).click();
    await field.getByRole('button', { name: 'Отправить сейчас' }).click();
    await expectDelivered(field);
    await expect(tableLine(office, /Лист · Шеркалы.*Школа социального проектирования/)).toBeVisible();
    await expect(tableLine(office, /Консультация · .*Наш двор/).first()).toBeVisible();
  });

  await test.step('accepted: 69 people and one without a name, 3 groups', async () => {
    await acceptLine(office, /Лист · Шеркалы.*Школа социального проектирования/);
    await acceptLine(office, /Консультация · .*Наш двор/);
    await goTo(office, 'Проект');
    await expect(numberOf(office, people)).toHaveText(/^69\s+из\s+70\s/);
    await expect(numberOf(office, groups)).toHaveText(/^3\s+из\s+3\s/);
    await numberOf(office, people).click();
    await expect(tableLine(office, /Вокуева Раиса Ильинична.*Консультация/)).toBeVisible();
  });

  await network.close();
});
