import type { Values } from '#domain/records/registry.ts';
import type { DemoChange } from './batch.ts';
import { settlementId } from './settlements.ts';

type Kind = 'ngo' | 'municipal' | 'unregistered';

/** Every one is invented. */
const all: readonly (readonly [
  key: string,
  kind: Kind,
  legalForm: string,
  name: string,
  settlement: string
])[] = [
  ['n1', 'ngo', 'МОО', 'МОО «Совет ветеранов „Обские зори“»', 'oktyabrskoe'],
  ['n2', 'ngo', 'АНО', 'АНО «Центр семейных инициатив „Лад“»', 'priobie'],
  ['n3', 'ngo', 'МОО', 'МОО «Клуб „Северный берег“»', 'peregrebnoe'],
  ['n4', 'ngo', 'МОО', 'Местная молодёжная ОО «Импульс-86»', 'unyugan'],
  ['n5', 'ngo', 'Фонд', 'Фонд «Тёплый дом Приобья»', 'priobie'],
  ['n6', 'ngo', 'ОО', 'ОО «Родник традиций „Ясӑӈ“»', 'sherkaly'],
  ['n7', 'ngo', 'МОО', 'МОО «Шанс»', 'talinka'],
  ['n8', 'ngo', 'АНО', 'АНО «Лыжня добра»', 'oktyabrskoe'],
  ['n9', 'ngo', 'МОО', 'МОО «Брусничный край»', 'kamennoe'],
  ['n10', 'ngo', 'МОО', 'МОО инвалидов «Шаг навстречу»', 'andra'],
  ['n11', 'ngo', 'АНО', 'АНО «Мастерская „Берёста“»', 'sergino'],
  ['n12', 'ngo', 'Община КМНС', 'Община КМНС «Тихая протока»', 'nizhnie-narykary'],
  ['n13', 'ngo', 'МОО', 'МОО «Родительский круг»', 'unyugan'],
  ['n14', 'ngo', 'АНО', 'АНО «Хоровод над Обью»', 'karymkary'],
  ['m1', 'municipal', 'МБУ', 'МБУ «Дом культуры „Лесник“»', 'karymkary'],
  ['m2', 'municipal', 'МКОУ', 'МКОУ «Школа-демо»', 'nizhnie-narykary'],
  ['m3', 'municipal', 'МБУ', 'МБУ «Библиотека „Подорожник“»', 'priobie'],
  ['m4', 'municipal', 'МБУ', 'МБУ «Музей „Старая пристань“»', 'sherkaly'],
  ['m5', 'municipal', 'МБУ', 'МБУ «Спортзал „Кедровый“»', 'talinka'],
  ['m6', 'municipal', 'МКДОУ', 'МКДОУ «Детский сад „Брусничка“»', 'komsomolsky'],
  ['m7', 'municipal', 'МБУ', 'МБУ «Клуб „Причал“»', 'peregrebnoe'],
  ['m8', 'municipal', 'МКОУ', 'МКОУ «Интернат-демо»', 'sherkaly'],
  ['u1', 'unregistered', '', 'ТОС «Береговой»', 'karymkary'],
  ['u2', 'unregistered', '', 'Совет женщин «Хозяюшки»', 'andra'],
  ['u3', 'unregistered', '', 'Клуб «Рыболов»', 'bolshie-leushi'],
  ['u4', 'unregistered', '', 'Родительский комитет «Пять улиц»', 'unyugan'],
  ['u5', 'unregistered', '', 'Хор «Рябинушка»', 'kamennoe'],
  ['u6', 'unregistered', '', 'Дружина «Чистая протока»', 'maly-atlym'],
  ['u7', 'unregistered', '', 'Совет ветеранов посёлка', 'komsomolsky'],
  ['u8', 'unregistered', '', 'Клуб молодых семей «Гнездо»', 'sergino']
];

export function organisationId(key: string): string {
  return `o-${key}`;
}

/** Where an organisation is: the key of a settlement. */
export function organisationPlace(key: string): string {
  return all.find(([other]) => other === key)?.[4] ?? 'oktyabrskoe';
}

/** Thirty organisations; the requisites pass the checks and belong to an inspection that does not exist. */
export function organisationChanges(): readonly DemoChange[] {
  return all.map(([key, kind, legalForm, name, settlement], index) => {
    const requisites = kind === 'unregistered' ? {} : { inn: inn(index + 1), ogrn: ogrn(index + 1) };
    const values: Values<'organisation'> = {
      name,
      kind,
      settlement: settlementId(settlement),
      note: 'Придумано для показа.',
      ...(legalForm === '' ? {} : { legalForm }),
      ...requisites
    };
    return { e: 'organisation', k: organisationId(key), set: values };
  });
}

/** 10 digits beginning with 8699: no such tax inspection exists. */
function inn(number: number): string {
  const nine = `8699${String(number).padStart(5, '0')}`;
  const weights = [2, 4, 10, 3, 5, 9, 4, 6, 8];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(nine.charAt(index)), 0);
  return `${nine}${(sum % 11) % 10}`;
}

function ogrn(number: number): string {
  const twelve = `1228699${String(number).padStart(5, '0')}`;
  return `${twelve}${(Number(twelve) % 11) % 10}`;
}
