import type { Option, Part } from './form.ts';

/** «Другое», the same in every question that has it. */
export const otherOption: Option = {
  code: 'other',
  text: { ru: 'Другое', en: 'Something else' },
  other: true
};

/** The eight screens that everybody is asked: about four minutes. */
export const firstPart: Part = {
  id: 'first',
  title: { ru: 'Главное', en: 'The main things' },
  questions: [
    {
      id: 'q_settlement',
      type: 'settlement',
      text: {
        ru: 'В каком населённом пункте вы живёте или работаете?',
        en: 'Which settlement do you live or work in?'
      },
      options: [{ code: 'other', text: { ru: 'Другой', en: 'Another one' }, other: true }]
    },
    {
      id: 'q_kind',
      type: 'one',
      text: { ru: 'Кого вы представляете?', en: 'Whom do you represent?' },
      options: [
        { code: 'ngo', text: { ru: 'Зарегистрированную НКО', en: 'A registered NGO' } },
        {
          code: 'group',
          text: { ru: 'Инициативную группу без регистрации', en: 'An unregistered initiative group' }
        },
        { code: 'institution', text: { ru: 'Муниципальное учреждение', en: 'A municipal institution' } },
        {
          code: 'self',
          text: { ru: 'Только себя (активный житель)', en: 'Only myself (an active resident)' }
        },
        otherOption
      ]
    },
    {
      // Options, order and wording are those of 2021; anything new may only come after them.
      id: 'q_needs5',
      type: 'many',
      frozen: true,
      text: {
        ru: 'В какой поддержке Ресурсного центра вы (ваша организация) нуждаетесь?',
        en: 'Which support of the Resource Centre do you (or your organisation) need?'
      },
      options: [
        {
          code: 'material',
          text: { ru: 'Материально-техническая поддержка', en: 'Material and technical support' }
        },
        { code: 'training', text: { ru: 'Обучение', en: 'Training' } },
        {
          code: 'project_design',
          text: { ru: 'Обучение социальному проектированию', en: 'Training in social project design' }
        },
        {
          code: 'consulting',
          text: {
            ru: 'Консультирование (включая сопровождение)',
            en: 'Consulting (including ongoing guidance)'
          }
        },
        { code: 'info', text: { ru: 'Информационные услуги', en: 'Information services' } },
        { code: 'none', text: { ru: 'Ни в какой', en: 'None' }, exclusive: true },
        { code: 'hard_to_say', text: { ru: 'Затрудняюсь ответить', en: 'Hard to say' }, exclusive: true }
      ]
    },
    {
      id: 'q_top1',
      type: 'one',
      text: {
        ru: 'Что из отмеченного нужно в первую очередь?',
        en: 'Which of these do you need first of all?'
      },
      optionsFrom: 'q_needs5',
      relevant: 'count($q_needs5) >= 2'
    },
    {
      id: 'q_format',
      type: 'many',
      text: { ru: 'Какой формат обучения вам доступен?', en: 'Which ways of learning are open to you?' },
      options: [
        { code: 'own_village', text: { ru: 'Очно в своём селе', en: 'In person, in my own village' } },
        {
          code: 'district_centre',
          text: { ru: 'Очно в райцентре', en: 'In person, in the district centre' }
        },
        { code: 'live_online', text: { ru: 'Онлайн в прямом эфире', en: 'Live online' } },
        { code: 'recorded', text: { ru: 'Видео в записи', en: 'Recorded video' } },
        { code: 'paper', text: { ru: 'Материалы на бумаге', en: 'Materials on paper' } },
        {
          code: 'offline_phone',
          text: { ru: 'Материалы на телефоне без интернета', en: 'Materials on the phone, without internet' }
        }
      ]
    },
    {
      id: 'q_barriers',
      type: 'many',
      maxChoices: 3,
      text: {
        ru: 'Что мешает участвовать в мероприятиях центра?',
        en: 'What keeps you from taking part in the centre’s events?'
      },
      options: [
        { code: 'far', text: { ru: 'Далеко, сложно добраться', en: 'Far away, hard to get there' } },
        { code: 'no_time', text: { ru: 'Нет времени', en: 'No time' } },
        { code: 'no_internet', text: { ru: 'Нет интернета', en: 'No internet' } },
        { code: 'not_known', text: { ru: 'Не знали', en: 'Did not know' } },
        { code: 'wrong_days', text: { ru: 'Неудобные дни', en: 'Inconvenient days' } },
        {
          code: 'household',
          text: { ru: 'Не на кого оставить дом, хозяйство', en: 'Nobody to leave the house and animals with' }
        },
        { code: 'ourselves', text: { ru: 'Справляемся сами', en: 'We manage by ourselves' } },
        { code: 'nothing', text: { ru: 'Ничего не мешает', en: 'Nothing does' }, exclusive: true }
      ]
    },
    {
      id: 'q_open',
      type: 'text',
      maxLength: 1000,
      text: {
        ru: 'Что ещё вы хотели бы сказать Ресурсному центру?',
        en: 'What else would you like to tell the Resource Centre?'
      },
      hint: {
        ru: 'Фамилии и телефоны здесь не пишите.',
        en: 'Please write no surnames or telephone numbers here.'
      }
    },
    {
      id: 'q_contact',
      type: 'contact',
      text: { ru: 'Хотите, чтобы мы вам позвонили?', en: 'Would you like us to call you?' },
      hint: { ru: 'Это необязательно.', en: 'You need not.' }
    }
  ]
};
