import type { Values } from '#domain/records/registry.ts';
import type { DemoChange } from './batch.ts';

type Subject = NonNullable<Values<'topic'>['subject']>;

/** The directory of topics in two levels; the subject is what indicators count by. */
const sections: readonly (readonly [key: string, title: string, subject: Subject, topics: string])[] = [
  [
    'registration',
    'Регистрация НКО',
    'registration',
    'Выбор организационной формы · Устав · Протокол учредительного собрания · Заявление Р11001 · Госпошлина · Юридический адрес · Отказ Минюста'
  ],
  [
    'changes',
    'Внесение изменений',
    'legal',
    'Смена руководителя (Р13014) · Новая редакция устава · Ликвидация'
  ],
  [
    'reporting',
    'Отчётность',
    'accounting',
    'В Минюст · В налоговую · В СФР · Статформа (1-СОНКО) · Отчёт по гранту (содержательный и финансовый)'
  ],
  [
    'design',
    'Социальное проектирование',
    'project_design',
    'Идея · Актуальность, обоснование · Цели и задачи · Показатели · Календарный план · Бюджет · Софинансирование · Письма поддержки'
  ],
  [
    'grants',
    'Гранты и субсидии',
    'fundraising',
    'Грант Губернатора Югры · Фонд президентских грантов · Росмолодёжь · ПФКИ · Муниципальные субсидии · Корпоративные конкурсы'
  ],
  [
    'fundraising',
    'Привлечение ресурсов (фандрайзинг)',
    'fundraising',
    'Пожертвования · Партнёры · Волонтёры · Краудфандинг'
  ],
  [
    'management',
    'Управление НКО',
    'ngo_management',
    'Роли и команда · Заседания, протоколы · Членство · План работы · Кадровые документы'
  ],
  ['accounting', 'Бухгалтерия и налоги', 'accounting', 'УСН · Взносы · Авансовые отчёты · Расчётный счёт'],
  [
    'registers',
    'Реестры и статусы',
    'legal',
    'Реестр СО НКО · Исполнитель общественно полезных услуг · Поставщик социальных услуг'
  ],
  [
    'publicity',
    'Информационное сопровождение',
    'promotion',
    'Группа ВКонтакте · Пресс-релиз · Фото и видео · Сайт · Логотип грантодателя'
  ],
  ['personal-data', 'Персональные данные', 'legal', 'Согласия · Уведомление Роскомнадзора'],
  [
    'self-government',
    'ТОС, инициативное бюджетирование, община КМНС',
    'legal',
    'ТОС · Инициативное бюджетирование · Община КМНС'
  ],
  ['material', 'Материально-техническая помощь', 'other', 'Помещение · Техника · Печать']
];

export type TopicSection =
  | 'registration'
  | 'changes'
  | 'reporting'
  | 'design'
  | 'grants'
  | 'fundraising'
  | 'management'
  | 'accounting'
  | 'registers'
  | 'publicity'
  | 'personal-data'
  | 'self-government'
  | 'material';

/** A topic of a section by its place, from 0; going round at the section's end. */
export function topicId(section: TopicSection, place: number): string {
  return `t-${section}-${(place % topicsOf(section).length) + 1}`;
}

export function topicSubject(section: TopicSection): Subject {
  return sections.find(([key]) => key === section)?.[2] ?? 'other';
}

function topicsOf(section: TopicSection): readonly string[] {
  return (sections.find(([key]) => key === section)?.[3] ?? '').split(' · ');
}

export function topicChanges(): readonly DemoChange[] {
  return sections.flatMap(([key, title, subject, topics], order) => {
    const parent = `t-${key}`;
    const children = topics.split(' · ').map((topic, index): DemoChange => ({
      e: 'topic',
      k: `${parent}-${index + 1}`,
      set: { title: topic, parent, order: index + 1, subject }
    }));
    return [{ e: 'topic', k: parent, set: { title, order: order + 1, subject } } as const, ...children];
  });
}
