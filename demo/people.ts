import type { Values } from '#domain/records/registry.ts';
import type { DemoChange } from './batch.ts';
import { organisationId, organisationPlace } from './organisations.ts';
import { createRandom, itemAt, type Random } from './random.ts';
import { settlementId, villages } from './settlements.ts';

/** An invented person under the key by which the history speaks of him. */
export interface DemoPerson {
  readonly key: string;
  readonly values: Values<'person'>;
}

export function personId(key: string): string {
  return `p-${key}`;
}

/** `c1` … `c47`: keys of a series. */
export function series(prefix: string, from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}`);
}

/** How many people each series of the register has, and where they live (any village when not told). */
const seriesOf: readonly (readonly [prefix: string, count: number, settlement?: string])[] = [
  // c: take part in the running project; t: expected today; gb, ga, gd: initiative groups of the running project.
  ['c', 47],
  ['t', 18, 'sherkaly'],
  ['gb', 5, 'sherkaly'],
  ['ga', 6, 'andra'],
  ['gd', 5, 'maly-atlym'],
  // r: only on the returned sheet; x: outside the period; o: only in the closed project; h1 …: its groups.
  ['r', 2, 'karymkary'],
  ['x', 1],
  ['o', 34],
  ['ha', 5, 'bolshie-leushi'],
  ['hb', 5, 'komsomolsky'],
  ['hc', 5, 'kamennoe'],
  // k: expected in Перегрёбное; q: invited next week; z: in the register only.
  ['k', 12, 'peregrebnoe'],
  ['q', 12, 'karymkary'],
  ['z', 18]
];

/** People whose names are the point: namesakes, ё and е, double surnames, northern letters, no patronymic. */
const named: Readonly<Record<string, readonly [surname: string, name: string, patronymic?: string]>> = {
  t1: ['Ёлкина', 'Фёкла', 'Семёновна'],
  t2: ['Елкина', 'Антонина', 'Павловна'],
  t3: ['Молданова', 'Мария', 'Ивановна'],
  t4: ['Молданова', 'Татьяна', 'Ивановна'],
  t5: ['Тарлин', 'Пётр', 'Петрович'],
  t6: ['Тарлин', 'Пётр', 'Петрович'],
  t7: ['Сэ̄рипова', 'Ӈара'],
  t8: ['Пендахов', 'Александр', 'Александрович'],
  t9: ['Иванова-Петрова', 'Анна-Мария', 'Сергеевна'],
  t10: ['Ким', 'Ян'],
  t11: ['Сенгепова', 'Алла', 'Геннадьевна'],
  t12: ['Чупров', 'Виктор', 'Степанович'],
  // Five who stand on the list before «Ё»: whoever marks the first five has Ёлкина still to find.
  t13: ['Алачева', 'Зинаида', 'Егоровна'],
  t14: ['Бабкина', 'Светлана', 'Николаевна'],
  t15: ['Вадичупов', 'Степан', 'Прокопьевич'],
  t16: ['Гришкина', 'Вера', 'Михайловна'],
  t17: ['Дмитриева', 'Оксана'],
  t18: ['Шесталова', 'Марина', 'Викторовна'],
  c20: ['Волдин', 'Игорь', 'Семёнович'],
  c21: ['Оглы-Заде', 'Рашид', 'Али оглы'],
  c44: ['Кирамова', 'Оксана', 'Юрьевна'],
  c45: ['Кирамова', 'Оксана'],
  c46: ['Семёнова', 'Алёна', 'Викторовна'],
  c47: ['Семенова', 'Алена', 'Викторовна'],
  gd1: ['Лозямова', 'Вера', 'Николаевна'],
  gd5: ['Вокуева', 'Раиса', 'Ильинична'],
  z1: ['Молданова', 'Мария', 'Петровна'],
  z2: ['Пендахов', 'Александр', 'Александрович']
};

/** The pairs of cards that are one person, written on two tablets: [stands, would be merged into it]. */
export const sameOnTwoTablets = [
  ['c44', 'c45'],
  ['c46', 'c47']
] as const;

const organisations: Readonly<Record<string, string>> = {
  ...members('n1', 'c', 1, 3),
  ...members('n2', 'c', 4, 6),
  ...members('n3', 'c', 7, 9),
  ...members('n4', 'c', 10, 12),
  ...members('n5', 'c', 13, 15),
  ...members('n6', 'c', 16, 18),
  c35: 'm1',
  c36: 'm3',
  c37: 'm5',
  c38: 'm7',
  c39: 'u1',
  c40: 'n7',
  c41: 'n8',
  c42: 'n9',
  c43: 'n10',
  o1: 'n7',
  o2: 'm2',
  o3: 'm4',
  t1: 'n6',
  t3: 'm4',
  t9: 'm8',
  z3: 'n11',
  z4: 'n12',
  z5: 'n13',
  z6: 'n14',
  z7: 'm6',
  z8: 'u2',
  z9: 'u3'
};

function members(organisation: string, prefix: string, from: number, to: number): Record<string, string> {
  return Object.fromEntries(series(prefix, from, to).map((key) => [key, organisation]));
}

const women =
  'Анна Елена Ольга Татьяна Наталья Светлана Ирина Галина Людмила Надежда Вера Любовь Валентина Зинаида Марина Оксана Юлия Дарья Евдокия Лариса Раиса Тамара Алёна Полина'.split(
    ' '
  );
const men =
  'Иван Пётр Николай Сергей Андрей Владимир Александр Виктор Алексей Михаил Геннадий Юрий Павел Егор Семён Артём Роман Денис'.split(
    ' '
  );
const fathers =
  'Иван Николай Сергей Андрей Владимир Александр Виктор Михаил Геннадий Павел Егор Семён Степан Прокопий'.split(
    ' '
  );
const patronymics: Readonly<Record<string, readonly [string, string]>> = {
  Сергей: ['Сергеевич', 'Сергеевна'],
  Андрей: ['Андреевич', 'Андреевна'],
  Николай: ['Николаевич', 'Николаевна'],
  Геннадий: ['Геннадьевич', 'Геннадьевна'],
  Прокопий: ['Прокопьевич', 'Прокопьевна'],
  Михаил: ['Михайлович', 'Михайловна'],
  Павел: ['Павлович', 'Павловна']
};
/** Masculine surnames of the region and of those who came to it; the feminine adds «а». */
const surnames = (
  'Гришкин Сенгепов Рябчиков Кузнецов Лельхов Тасьманов Захаров Неттин Аляев Сайнахов Вадичупов Ерныхов ' +
  'Пуртов Шесталов Мерова Новьюхов Хатанзеев Канев Филиппов Артеев Рочев Яркин Григорьев Морозов Соловьёв ' +
  'Киселёв Фёдоров Попов Белов Орлов Степанов Носков Лапин Зубарев Ермаков Дегтярёв Чупров Терентьев ' +
  'Горбунов Журавлёв Копылов Бабкин Мухин Третьяков Щербаков Цыганков Юдин'
)
  .replace('Мерова', 'Меров')
  .split(' ');

/** The whole register. Names depend on the seed; keys, and so ids, do not. */
export function people(seed: string): readonly DemoPerson[] {
  const random = createRandom(`${seed} people`);
  const taken = new Set(Object.values(named).map(([surname, name]) => `${stem(surname)} ${name}`));
  return seriesOf.flatMap(([prefix, count, settlement]) =>
    series(prefix, 1, count).map((key, index) => {
      const organisation = organisations[key];
      const place = settlement ?? (organisation ? organisationPlace(organisation) : villageOf(key, index));
      const values: Values<'person'> = {
        ...nameOf(key, random, taken),
        settlement: settlementId(place),
        ageBand: ageBandOf(key, random),
        ...(organisation === undefined ? {} : { organisation: organisationId(organisation) }),
        ...phoneOf(prefix, index)
      };
      return { key, values };
    })
  );
}

export function personChange(person: DemoPerson): DemoChange {
  return { e: 'person', k: personId(person.key), set: person.values };
}

/** The pairs of one person stand in one village; the third Молданова lives in Приобье. */
function villageOf(key: string, index: number): string {
  if (key === 'z1' || key === 'z2') return 'priobie';
  return /^c4[4-7]$/.test(key) ? 'oktyabrskoe' : itemAt(villages, index * 5);
}

function nameOf(key: string, random: Random, taken: Set<string>): Values<'person'> {
  const given = named[key];
  if (given !== undefined) {
    const [surname, name, patronymic] = given;
    return { surname, name, ...(patronymic === undefined ? {} : { patronymic }) };
  }
  for (;;) {
    const isWoman = random.chance(0.68);
    const base = random.pick(surnames);
    const name = random.pick(isWoman ? women : men);
    if (taken.has(`${base} ${name}`)) continue;
    taken.add(`${base} ${name}`);
    const father = random.pick(fathers);
    const surname = isWoman ? `${base}а` : base;
    const doubled = isWoman && random.chance(0.06) ? `${surname}-Обская` : surname;
    return {
      surname: doubled,
      name,
      ...(random.chance(0.12) ? {} : { patronymic: patronymicOf(father, isWoman) })
    };
  }
}

function patronymicOf(father: string, isWoman: boolean): string {
  const irregular = patronymics[father];
  if (irregular !== undefined) return irregular[isWoman ? 1 : 0];
  return `${father}${isWoman ? 'овна' : 'ович'}`;
}

function stem(surname: string): string {
  return surname.replace(/а$/, '');
}

function ageBandOf(key: string, random: Random): NonNullable<Values<'person'>['ageBand']> {
  if (key === 't8') return '14_17';
  if (key === 't5' || key === 'z2') return '55_plus';
  if (key === 't6') return '18_35';
  if (/^c4[4-7]$/.test(key)) return '36_54';
  return random.pick(['18_35', '36_54', '36_54', '55_plus', '55_plus']);
}

/** Half of the people gave a telephone. */
function phoneOf(prefix: string, index: number): { phone?: string } {
  const order = seriesOf.findIndex(([other]) => other === prefix);
  return index % 2 === 1 ? {} : { phone: `+7900000${String(2000 + order * 100 + index)}` };
}
