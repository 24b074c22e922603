import type { Option, Question } from './form.ts';
import { otherOption } from './needs-survey-first.ts';

const channels: readonly Option[] = [
  { code: 'vk', text: { ru: 'ВКонтакте', en: 'VKontakte' } },
  { code: 'messenger', text: { ru: 'Мессенджер', en: 'Messenger' } },
  { code: 'email', text: { ru: 'Электронная почта', en: 'E-mail' } },
  { code: 'call', text: { ru: 'Телефонный звонок', en: 'Telephone call' } },
  { code: 'notice', text: { ru: 'Объявление в селе', en: 'Notice in the village' } },
  { code: 'newspaper', text: { ru: 'Районная газета', en: 'District newspaper' } },
  { code: 'administration', text: { ru: 'Через администрацию', en: 'Through the administration' } }
];

/** What was used so far, and what exactly is needed of each support chosen in the first part. */
export const needQuestions: readonly Question[] = [
  {
    id: 'q_used',
    type: 'many',
    text: {
      ru: 'Какими услугами Ресурсного центра вы пользовались за последние 12 месяцев?',
      en: 'Which services of the Resource Centre have you used in the last 12 months?'
    },
    options: [
      { code: 'consultations', text: { ru: 'Консультации', en: 'Consultations' } },
      { code: 'seminars', text: { ru: 'Семинары', en: 'Seminars' } },
      { code: 'application_help', text: { ru: 'Помощь с заявкой', en: 'Help with an application' } },
      { code: 'room_equipment', text: { ru: 'Помещение, техника', en: 'Room, equipment' } },
      { code: 'news', text: { ru: 'Рассылки, группа ВКонтакте', en: 'Mailings, VKontakte group' } },
      { code: 'none', text: { ru: 'Не пользовались', en: 'Used none' }, exclusive: true },
      { code: 'unknown', text: { ru: 'Не знаю о центре', en: 'I do not know the centre' }, exclusive: true }
    ]
  },
  {
    id: 'q_material',
    type: 'many',
    relevant: "selected($q_needs5, 'material')",
    text: { ru: 'Что именно нужно?', en: 'What exactly do you need?' },
    hint: {
      ru: 'Вы отметили материально-техническую поддержку.',
      en: 'You chose material and technical support.'
    },
    options: [
      { code: 'room', text: { ru: 'Помещение', en: 'Room' } },
      { code: 'computer', text: { ru: 'Компьютер, принтер', en: 'Computer, printer' } },
      { code: 'projector', text: { ru: 'Проектор, звук', en: 'Projector, sound' } },
      { code: 'printing', text: { ru: 'Печать материалов', en: 'Printing' } },
      { code: 'transport', text: { ru: 'Транспорт до села', en: 'Transport to the village' } },
      { code: 'internet', text: { ru: 'Интернет', en: 'Internet' } },
      otherOption
    ]
  },
  {
    id: 'q_training',
    type: 'many',
    maxChoices: 4,
    relevant: "selected($q_needs5, 'training')",
    text: { ru: 'Чему хотели бы научиться?', en: 'What would you like to learn?' },
    options: [
      { code: 'management', text: { ru: 'Управление НКО', en: 'Running an NGO' } },
      { code: 'fundraising', text: { ru: 'Привлечение ресурсов', en: 'Raising resources' } },
      { code: 'accounting', text: { ru: 'Бухгалтерия и отчётность', en: 'Accounting and reporting' } },
      { code: 'promotion', text: { ru: 'Продвижение, соцсети', en: 'Promotion, social networks' } },
      { code: 'volunteers', text: { ru: 'Работа с волонтёрами', en: 'Working with volunteers' } },
      { code: 'speaking', text: { ru: 'Публичные выступления', en: 'Public speaking' } },
      {
        code: 'trainer',
        text: { ru: 'Стать тренером для земляков', en: 'Becoming a trainer for neighbours' }
      },
      otherOption
    ]
  },
  {
    id: 'q_sp_stage',
    type: 'one',
    relevant: "selected($q_needs5, 'project_design')",
    text: { ru: 'На каком этапе ваш социальный проект?', en: 'How far is your social project?' },
    options: [
      { code: 'no_idea', text: { ru: 'Идеи нет', en: 'No idea yet' } },
      { code: 'idea', text: { ru: 'Есть идея', en: 'There is an idea' } },
      { code: 'writing', text: { ru: 'Пишу заявку', en: 'Writing the application' } },
      {
        code: 'not_supported',
        text: { ru: 'Заявку подавали, не поддержали', en: 'Applied, was not supported' }
      },
      { code: 'won', text: { ru: 'Уже выигрывали', en: 'Have won before' } }
    ]
  },
  {
    id: 'q_sp_hard',
    type: 'many',
    maxChoices: 3,
    relevant: "answered($q_sp_stage) and $q_sp_stage != 'no_idea'",
    text: { ru: 'Что труднее всего в заявке?', en: 'What is hardest in an application?' },
    options: [
      { code: 'problem', text: { ru: 'Обосновать проблему', en: 'Making the case' } },
      { code: 'goals', text: { ru: 'Цели и задачи', en: 'Goals and tasks' } },
      { code: 'indicators', text: { ru: 'Показатели', en: 'Indicators' } },
      { code: 'plan', text: { ru: 'Календарный план', en: 'Calendar plan' } },
      { code: 'budget', text: { ru: 'Бюджет', en: 'Budget' } },
      { code: 'cofinancing', text: { ru: 'Софинансирование', en: 'Co-financing' } },
      { code: 'letters', text: { ru: 'Письма поддержки', en: 'Letters of support' } },
      { code: 'portal', text: { ru: 'Личный кабинет на портале', en: 'The account on the portal' } },
      { code: 'reporting', text: { ru: 'Отчётность', en: 'Reporting' } }
    ]
  },
  {
    id: 'q_consult',
    type: 'many',
    relevant: "selected($q_needs5, 'consulting')",
    text: { ru: 'По каким вопросам нужны консультации?', en: 'On what do you need consultations?' },
    options: [
      { code: 'registration', text: { ru: 'Регистрация НКО', en: 'Registering an NGO' } },
      { code: 'changes', text: { ru: 'Внесение изменений', en: 'Changes to registration' } },
      { code: 'reporting', text: { ru: 'Отчётность', en: 'Reporting' } },
      { code: 'project_design', text: { ru: 'Социальное проектирование', en: 'Social project design' } },
      { code: 'grants', text: { ru: 'Гранты и субсидии', en: 'Grants and subsidies' } },
      { code: 'fundraising', text: { ru: 'Привлечение ресурсов', en: 'Raising resources' } },
      { code: 'management', text: { ru: 'Управление НКО', en: 'Running an NGO' } },
      { code: 'accounting', text: { ru: 'Бухгалтерия и налоги', en: 'Accounting and taxes' } },
      { code: 'registers', text: { ru: 'Реестры и статусы', en: 'Registers and statuses' } },
      { code: 'publicity', text: { ru: 'Информационное сопровождение', en: 'Publicity' } },
      { code: 'personal_data', text: { ru: 'Персональные данные', en: 'Personal data' } },
      {
        code: 'self_government',
        text: {
          ru: 'ТОС, инициативное бюджетирование, община коренных малочисленных народов',
          en: 'Self-government (TOS), participatory budgeting, indigenous communities'
        }
      },
      {
        code: 'material',
        text: { ru: 'Материально-техническая помощь', en: 'Material and technical help' }
      }
    ]
  },
  {
    id: 'q_info',
    type: 'many',
    relevant: "selected($q_needs5, 'info')",
    text: {
      ru: 'Как вам удобнее получать информацию?',
      en: 'How would you rather get information?'
    },
    options: channels
  },
  {
    // The short form for those who did not ask for information services: one channel.
    id: 'q_info_short',
    type: 'one',
    relevant: "not selected($q_needs5, 'info')",
    text: {
      ru: 'Как вам удобнее всего узнавать о мероприятиях центра?',
      en: 'What is the best way for you to hear about the centre’s events?'
    },
    options: channels
  }
];
