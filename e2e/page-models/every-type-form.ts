import type { Form, Question } from '#domain/survey/form.ts';
import type { WrittenChange } from '../office-session.ts';

const both = (ru: string, en: string) => ({ ru, en });

const roads = [
  { code: 'road', text: both('Дорога', 'Road') },
  { code: 'net', text: both('Связь', 'Connection') },
  { code: 'light', text: both('Освещение', 'Lighting') },
  { code: 'other', text: both('Другое', 'Something else'), other: true }
];

const questions: readonly Question[] = [
  { id: 'q_note', type: 'note', text: both('Сначала несколько слов о селе.', 'First a few words.') },
  {
    id: 'q_rank',
    type: 'rank',
    maxChoices: 3,
    text: both('Что чинить в первую очередь?', 'What should be repaired first?'),
    options: roads
  },
  {
    id: 'q_day',
    type: 'date',
    text: both('Когда открылся зимник?', 'When did the winter road open?'),
    hint: both('Примерно.', 'Roughly.'),
    constraint: "$q_day >= '2020-01-01'",
    constraintText: both('Нужен день не раньше 2020 года.', 'A day not before 2020 is needed.')
  },
  {
    id: 'q_boats',
    type: 'repeat',
    maxChoices: 2,
    text: both('Какие лодки есть у группы?', 'Which boats does the group have?'),
    fields: [
      { code: 'name', type: 'text', text: both('Название', 'Name') },
      { code: 'seats', type: 'number', text: both('Мест', 'Seats') }
    ]
  },
  { id: 'q_place', type: 'geopoint', text: both('Где причал?', 'Where is the pier?') },
  { id: 'q_photo', type: 'photo', required: true, text: both('Снимите причал', 'Photograph the pier') },
  {
    id: 'q_people',
    type: 'number',
    whole: true,
    required: true,
    default: 5,
    text: both('Сколько человек в группе?', 'How many people are in the group?')
  },
  {
    id: 'q_many',
    type: 'text',
    text: both('Как вы справляетесь вдесятером?', 'How do ten of you manage?'),
    relevant: '$q_people >= 10'
  },
  { id: 'q_class', type: 'number', text: both('', ''), calculate: 'if($q_people >= 10, 2, 1)' }
];

/** A form that asks a question of each type that the needs survey does not. */
const everyTypeForm: Form = {
  id: 'every_type',
  version: 1,
  languages: ['ru', 'en'],
  title: both('Проверка вопросов', 'A check of questions'),
  intro: [both('Спрашивает {centre}.', 'Asked by {centre}.')],
  parts: [{ id: 'only', title: both('Вопросы', 'Questions'), questions }]
};

/** The form and an open survey with it, as the office would write them. */
export function everyTypeSurvey(link: string): readonly WrittenChange[] {
  const { id, version, title } = everyTypeForm;
  const form = `${id}~${version}`;
  return [
    { type: 'form', id: form, set: { form: id, version, title: title['ru'], definition: everyTypeForm } },
    {
      type: 'campaign',
      id: 'campaign-types',
      set: { title: title['ru'], form, version, state: 'open', link, phone: '+7 900 000-01-01' }
    }
  ];
}
