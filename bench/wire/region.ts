import { wholeSecond } from '#domain/sync/whole-second.ts';
import type { AnyChange } from '$lib/storage/write.ts';
import { mulberry32 } from '#domain/mulberry32.ts';
import { randomId } from './chance.ts';

/** What a centre of a whole region has gathered: the changes that make it, in the order in which they were made. */
export interface Region {
  readonly changes: readonly AnyChange[];
  /** The session of the event that comes next, with its expected people. */
  readonly next: string;
  readonly expected: readonly string[];
}

const villages = 50;
const peopleOfVillage = 200;
const meetings = 1_000;
const hall = 50;
const mostExpected = 25;
const dayMs = 86_400_000;

const stems =
  'Алач Андре Баг Бел Вас Вол Вокуе Гав Ген Голу Григорь Дани Дья Ель Ерма Жу Зай Зим Ива Ильи Каза Карп Киприя Коз Кос Куз Куп Лапт Лебеде Ля Макс Мол Мор Най Ники Новью Ого Пак Пан Пет Пят Род Рус Сай Само Сав Сели Сер Собо Сор Тар Тим Тихо Хан Хоз Чупр Шеш Юга Яков'.split(
    ' '
  );
const endings = ['ов', 'ев', 'ин', 'кин', 'нов', 'шин', 'лов', 'мов', 'рев', 'цев'];
const names =
  'Анна Мария Ольга Елена Татьяна Наталья Ирина Светлана Людмила Галина Надежда Вера Любовь Нина Валентина Зоя Александр Сергей Владимир Николай Алексей Андрей Иван Михаил Дмитрий Виктор Пётр Василий Юрий Евгений'.split(
    ' '
  );
const fathers =
  'Иван Александр Николай Владимир Сергей Михаил Виктор Пётр Андрей Степан Максим Семён Егор Данил Фёдор Роман'.split(
    ' '
  );

/**
 * 10,000 people of 50 villages and 50,000 marks at 1,000 sessions of 500 events over five years, and one event tomorrow: the
 * same at every run. `now`, UTC ms.
 */
export function makeRegion(now: number): Region {
  const random = mulberry32(7);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const id = (): string => randomId(random);
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const changes: AnyChange[] = [];
  const homes = Array.from({ length: villages }, (_, index) => ({
    id: id(),
    name: `Посёлок ${index + 1}`,
    people: Array.from({ length: peopleOfVillage }, id)
  }));
  for (const home of homes) changes.push({ type: 'settlement', id: home.id, set: { name: home.name } });
  for (const home of homes)
    for (const person of home.people)
      changes.push({
        type: 'person',
        id: person,
        set: {
          surname: pick(stems) + pick(endings),
          name: pick(names),
          patronymic: `${pick(fathers)}ович`,
          settlement: home.id
        }
      });
  let event = '';
  for (let meeting = 0; meeting < meetings; meeting += 1) {
    const home = pick(homes);
    const start = now - Math.floor(((meetings - meeting) * 1_800 * dayMs) / meetings);
    if (meeting % 2 === 0) {
      event = id();
      changes.push({ type: 'event', id: event, set: { title: 'Семинар для активистов', state: 'held' } });
    }
    const session = id();
    changes.push({
      type: 'session',
      id: session,
      set: { event, date: day(start), number: (meeting % 2) + 1 }
    });
    const order = home.people
      .map((person) => ({ person, place: random() }))
      .sort((a, b) => a.place - b.place);
    let at = start;
    for (const { person } of order.slice(0, hall)) {
      at += 1_000 + Math.floor(random() * 19_000);
      const luck = random();
      const status = luck < 0.9 ? 'present' : luck < 0.97 ? 'late' : 'absent';
      changes.push({ type: 'attendance', id: `${session}~${person}`, set: { status, at: wholeSecond(at) } });
    }
  }
  const coming = id();
  const next = id();
  changes.push({ type: 'event', id: coming, set: { title: 'Семинар, который завтра', state: 'planned' } });
  changes.push({ type: 'session', id: next, set: { event: coming, date: day(now + dayMs), number: 1 } });
  const expected = pick(homes).people.slice(0, mostExpected);
  for (const person of expected)
    changes.push({ type: 'attendance', id: `${next}~${person}`, set: { expected: true } });
  return { changes, next, expected };
}
