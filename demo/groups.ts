import type { Values } from '#domain/records/registry.ts';
import type { DemoChange } from './batch.ts';
import { personId, series } from './people.ts';
import { settlementId } from './settlements.ts';

export interface DemoGroup {
  readonly id: string;
  /** Everybody in it, the leader first. */
  readonly members: readonly string[];
  readonly values: Values<'group'>;
}

function group(
  id: string,
  name: string,
  settlement: string,
  members: readonly string[],
  idea: string,
  stage: NonNullable<Values<'group'>['stage']>
): DemoGroup {
  const leader = personId(members[0] ?? '');
  return { id, members, values: { name, settlement: settlementId(settlement), leader, idea, stage } };
}

export const shore = group(
  'g-bereg',
  'Инициативная группа «Берег»',
  'sherkaly',
  series('gb', 1, 5),
  'Расчистить старую пристань и сделать на ней место для летних встреч.',
  'papers_ready'
);
export const mothers = group(
  'g-mamy-andry',
  'Инициативная группа «Мамы Андры»',
  'andra',
  series('ga', 1, 6),
  'Игровая комната для малышей, у которых нет места в саду.',
  'meeting_held'
);
/** Four of its five members were consulted on registration: one is missing for the indicator. */
export const yard = group(
  'g-nash-dvor',
  'Инициативная группа «Наш двор»',
  'maly-atlym',
  series('gd', 1, 5),
  'Двор с горкой и освещением между трёх домов.',
  'idea'
);
export const memory = group(
  'g-pamyat',
  'Инициативная группа «Память»',
  'bolshie-leushi',
  series('ha', 1, 5),
  'Книга воспоминаний жителей посёлка.',
  'submitted'
);
export const winter = group(
  'g-zimovye',
  'Инициативная группа «Зимовье»',
  'komsomolsky',
  series('hb', 1, 5),
  'Тёплая остановка у зимника.',
  'idea'
);
export const light = group(
  'g-svetlitsa',
  'Инициативная группа «Светлица»',
  'kamennoe',
  series('hc', 1, 5),
  'Мастерская рукоделия для пожилых.',
  'meeting_held'
);

/** A group's card with the memberships of its people. */
export function groupChanges({ id, members, values }: DemoGroup, from: string): readonly DemoChange[] {
  return [
    { e: 'group', k: id, set: values },
    ...members.map((key): DemoChange => ({
      e: 'membership',
      k: `${id}~${personId(key)}`,
      set: { active: true, from, ...(key === members[0] ? { role: 'Руководитель группы' } : {}) }
    }))
  ];
}
