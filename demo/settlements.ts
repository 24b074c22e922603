import type { Values } from '#domain/records/registry.ts';
import type { DemoChange } from './batch.ts';

type Access = NonNullable<Values<'settlement'>['access']>[number];

/** Population only where a census or a publication gives it, coordinates only where a source does. */
const places: readonly (readonly [id: string, values: Values<'settlement'>])[] = [
  [
    'oktyabrskoe',
    {
      name: 'Октябрьское',
      kind: 'urban_settlement',
      municipality: 'гп Октябрьское',
      population: 3792,
      populationYear: 2021,
      access: ['river', 'ice_crossing', 'road'],
      accessNote: 'Летом «Метеор» и «Заря», зимой ледовая переправа',
      latitude: 62.455,
      longitude: 66.0583,
      oktmo: '71821151051',
      aliases: ['Октябрьск', 'Кондинское']
    }
  ],
  [
    'priobie',
    {
      name: 'Приобье',
      kind: 'urban_settlement',
      municipality: 'гп Приобье',
      population: 7215,
      populationYear: 2010,
      access: ['rail', 'river', 'road'],
      accessNote: 'Конечная станция железной дороги, речной порт, дорога на Нягань',
      latitude: 62.55,
      longitude: 65.6333
    }
  ],
  [
    'andra',
    {
      name: 'Андра',
      kind: 'urban_settlement',
      municipality: 'гп Андра',
      access: ['winter_road', 'ice_crossing', 'river'],
      latitude: 62.5147,
      longitude: 65.8878
    }
  ],
  [
    'talinka',
    {
      name: 'Талинка',
      kind: 'urban_settlement',
      municipality: 'гп Талинка',
      population: 3333,
      populationYear: 2021,
      access: ['road'],
      accessNote: 'Круглогодичная дорога, автобус до Нягани и Ханты-Мансийска',
      latitude: 61.55,
      longitude: 66.433,
      oktmo: '71821157051'
    }
  ],
  [
    'peregrebnoe',
    {
      name: 'Перегрёбное',
      kind: 'village',
      municipality: 'сп Перегрёбное',
      population: 3176,
      populationYear: 2010,
      access: ['winter_road', 'river'],
      accessNote: 'Автозимник Приобье — Перегрёбное',
      latitude: 62.967,
      longitude: 65.083,
      oktmo: '71821428101',
      aliases: ['Перегребное']
    }
  ],
  [
    'nizhnie-narykary',
    place(
      'Нижние Нарыкары',
      'hamlet',
      'сп Перегрёбное',
      ['winter_road', 'river'],
      ['Нарыкары', 'Н. Нарыкары']
    )
  ],
  ['verhnie-narykary', place('Верхние Нарыкары', 'hamlet', 'сп Перегрёбное', ['river'])],
  ['chemashi', place('Чемаши', 'hamlet', 'сп Перегрёбное', ['river', 'ice_crossing'])],
  ['muligort', place('Мулигорт', 'hamlet', 'сп Перегрёбное', ['winter_road'])],
  [
    'sherkaly',
    {
      name: 'Шеркалы',
      kind: 'village',
      municipality: 'сп Шеркалы',
      access: ['river', 'ice_crossing'],
      accessNote: 'Восемь часов «Метеором» от Ханты-Мансийска, зимой ледовая переправа',
      latitude: 62.76,
      longitude: 65.47
    }
  ],
  [
    'sergino',
    {
      ...place('Сергино', 'settlement', 'сп Сергино', ['rail', 'road']),
      population: 1490,
      populationYear: 2008
    }
  ],
  ['unyugan', place('Унъюган', 'settlement', 'сп Унъюган', ['rail', 'road'], ['Уньюган', 'Унюган'])],
  ['maly-atlym', place('Малый Атлым', 'village', 'сп Малый Атлым', ['river'], ['М. Атлым'])],
  ['bolshoy-atlym', place('Большой Атлым', 'village', 'сп Малый Атлым', ['river'], ['Б. Атлым'])],
  ['bolshie-leushi', place('Большие Леуши', 'settlement', 'сп Малый Атлым', ['winter_road'], ['Б. Леуши'])],
  ['komsomolsky', place('Комсомольский', 'settlement', 'сп Малый Атлым', ['river'])],
  ['zarechny', place('Заречный', 'settlement', 'сп Малый Атлым', ['river'])],
  ['karymkary', place('Карымкары', 'settlement', 'сп Карымкары', ['winter_road', 'river'])],
  ['gornorechensk', place('Горнореченск', 'settlement', 'сп Карымкары', ['winter_road'])],
  ['kamennoe', place('Каменное', 'village', 'сп Каменное', ['winter_road'])],
  ['palyanovo', place('Пальяново', 'village', 'сп Каменное', ['river'])],
  ['kormuzhihanka', place('Кормужиханка', 'settlement', 'гп Октябрьское', ['river'])],
  ['bolshoy-kamen', place('Большой Камень', 'hamlet', 'гп Октябрьское', ['river'])],
  ['outside', { name: 'Вне района', kind: 'outside', aliases: ['Нягань', 'Ханты-Мансийск', 'Белоярский'] }]
];

function place(
  name: string,
  kind: NonNullable<Values<'settlement'>['kind']>,
  municipality: string,
  access: Access[],
  aliases: string[] = []
): Values<'settlement'> {
  return { name, kind, municipality, access, ...(aliases.length > 0 ? { aliases } : {}) };
}

export function settlementId(key: string): string {
  return `s-${key}`;
}

/** Twenty-three settlements of the district and «Вне района». */
export function settlementChanges(): readonly DemoChange[] {
  return places.map(([key, values]) => ({ e: 'settlement', k: settlementId(key), set: values }));
}

/** Villages where organisations and activists of the demonstration live. */
export const villages = [
  'oktyabrskoe',
  'priobie',
  'andra',
  'talinka',
  'peregrebnoe',
  'unyugan',
  'karymkary',
  'sergino',
  'kamennoe',
  'bolshie-leushi',
  'nizhnie-narykary',
  'komsomolsky'
] as const;
