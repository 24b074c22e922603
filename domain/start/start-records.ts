import { needsSurvey } from '#domain/survey/needs-survey.ts';
import type { Values } from '#domain/records/registry.ts';

type Subject = NonNullable<Values<'topic'>['subject']>;

/** A record that a centre begins with. */
export interface StartRecord {
  readonly e: 'topic' | 'form';
  readonly k: string;
  readonly set: Readonly<Record<string, unknown>>;
}

/** The directory of topics in two levels; the subject is what indicators count by. */
export const topicSections: readonly (readonly [
  key: string,
  title: string,
  subject: Subject,
  topics: string
])[] = [
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

/** The directory of topics as records: a section, then what is in it. */
export function topicRecords(): readonly StartRecord[] {
  return topicSections.flatMap(([key, title, subject, topics], order) => {
    const parent = `t-${key}`;
    const children = topics.split(' · ').map((topic, index): StartRecord => ({
      e: 'topic',
      k: `${parent}-${index + 1}`,
      set: { title: topic, parent, order: index + 1, subject }
    }));
    return [{ e: 'topic', k: parent, set: { title, order: order + 1, subject } } as const, ...children];
  });
}

/** The questionnaire that every centre can ask by. */
export function surveyRecord(): StartRecord {
  const { id, version, title } = needsSurvey;
  return {
    e: 'form',
    k: `${id}~${version}`,
    set: { form: id, version, title: title['ru'] ?? '', definition: { ...needsSurvey } }
  };
}
