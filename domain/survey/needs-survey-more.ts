import type { Part } from './form.ts';
import { otherOption } from './needs-survey-first.ts';
import { needQuestions } from './needs-survey-needs.ts';

const usedServices =
  "answered($q_used) and not selected($q_used, 'none') and not selected($q_used, 'unknown')";

/** «Ещё несколько»: for those who have six minutes more. */
export const morePart: Part = {
  id: 'more',
  title: { ru: 'Ещё несколько', en: 'A few more' },
  questions: [
    {
      id: 'q_org',
      type: 'organisation',
      relevant: "$q_kind = 'ngo'",
      text: {
        ru: 'Как называется ваша организация? (можно не указывать)',
        en: 'What is your organisation called? (you may leave this out)'
      },
      hint: {
        ru: 'Если укажете организацию, сотрудники центра смогут понять, кто ответил. Можно пропустить.',
        en: 'If you name the organisation, the centre’s staff may be able to tell who answered. You can skip this.'
      },
      options: [
        { code: 'other', text: { ru: 'Другая организация', en: 'Another organisation' }, other: true },
        { code: 'undisclosed', text: { ru: 'Не хочу указывать', en: 'I would rather not say' } }
      ]
    },
    {
      id: 'q_inst',
      type: 'one',
      relevant: "$q_kind = 'institution'",
      text: { ru: 'Тип учреждения', en: 'Kind of institution' },
      options: [
        { code: 'school', text: { ru: 'Школа', en: 'School' } },
        { code: 'kindergarten', text: { ru: 'Детский сад', en: 'Kindergarten' } },
        { code: 'culture_house', text: { ru: 'Дом культуры', en: 'House of culture' } },
        { code: 'library', text: { ru: 'Библиотека', en: 'Library' } },
        { code: 'museum', text: { ru: 'Музей', en: 'Museum' } },
        { code: 'sport', text: { ru: 'Спорт', en: 'Sport' } },
        { code: 'social_service', text: { ru: 'Соцслужба', en: 'Social service' } },
        otherOption
      ]
    },
    {
      id: 'q_group_size',
      type: 'number',
      whole: true,
      relevant: "$q_kind = 'group'",
      constraint: '$q_group_size >= 1 and $q_group_size <= 500',
      constraintText: { ru: 'Напишите число от 1 до 500.', en: 'Please write a number from 1 to 500.' },
      text: {
        ru: 'Сколько человек в вашей группе постоянно участвуют в делах?',
        en: 'How many people in your group take part regularly?'
      }
    },
    {
      id: 'q_group_plan',
      type: 'one',
      relevant: "$q_kind = 'group'",
      text: { ru: 'Планируете ли вы зарегистрировать НКО?', en: 'Do you plan to register an NGO?' },
      options: [
        { code: 'within_year', text: { ru: 'Да, в ближайший год', en: 'Yes, within a year' } },
        { code: 'later', text: { ru: 'Да, позже', en: 'Yes, later' } },
        { code: 'no', text: { ru: 'Нет', en: 'No' } },
        { code: 'not_known', text: { ru: 'Пока не знаем', en: 'We do not know yet' } }
      ]
    },
    {
      id: 'q_role',
      type: 'one',
      relevant: "$q_kind = 'ngo' or $q_kind = 'group' or $q_kind = 'institution'",
      text: { ru: 'Ваша роль', en: 'Your role' },
      options: [
        { code: 'head', text: { ru: 'Руководитель, председатель', en: 'Head, chair' } },
        { code: 'member', text: { ru: 'Член организации', en: 'Member of the organisation' } },
        { code: 'accountant', text: { ru: 'Бухгалтер', en: 'Accountant' } },
        { code: 'volunteer', text: { ru: 'Волонтёр', en: 'Volunteer' } },
        { code: 'employee', text: { ru: 'Сотрудник', en: 'Employee' } },
        { code: 'resident', text: { ru: 'Житель', en: 'Resident' } },
        otherOption
      ]
    },
    {
      id: 'q_field',
      type: 'many',
      maxChoices: 3,
      text: { ru: 'Главные направления вашей деятельности', en: 'The main fields of your work' },
      options: [
        { code: 'veterans', text: { ru: 'Ветераны', en: 'Veterans' } },
        { code: 'youth', text: { ru: 'Дети и молодёжь', en: 'Children and young people' } },
        { code: 'family', text: { ru: 'Семья', en: 'Family' } },
        {
          code: 'health',
          text: { ru: 'Люди с инвалидностью, здоровье', en: 'People with disabilities, health' }
        },
        {
          code: 'culture',
          text: { ru: 'Культура и традиции, языки', en: 'Culture and traditions, languages' }
        },
        { code: 'sport', text: { ru: 'Спорт', en: 'Sport' } },
        { code: 'ecology', text: { ru: 'Экология', en: 'Ecology' } },
        {
          code: 'improvement',
          text: { ru: 'Благоустройство, ТОС', en: 'Village improvement, self-government (TOS)' }
        },
        { code: 'patriotic', text: { ru: 'Патриотика', en: 'Patriotic work' } },
        { code: 'aid', text: { ru: 'Помощь нуждающимся', en: 'Help for people in need' } },
        { code: 'spiritual', text: { ru: 'Духовная жизнь', en: 'Spiritual life' } },
        otherOption
      ]
    },
    ...needQuestions,
    {
      id: 'q_sat',
      type: 'matrix',
      relevant: usedServices,
      rowsFrom: 'q_used',
      text: {
        ru: 'Оцените услуги центра, которыми пользовались',
        en: 'Rate the services of the centre that you have used'
      },
      hint: { ru: '1 — плохо, 5 — отлично', en: '1 is poor, 5 is excellent' },
      options: [
        { code: 'r1', text: { ru: '1', en: '1' } },
        { code: 'r2', text: { ru: '2', en: '2' } },
        { code: 'r3', text: { ru: '3', en: '3' } },
        { code: 'r4', text: { ru: '4', en: '4' } },
        { code: 'r5', text: { ru: '5', en: '5' } },
        { code: 'cannot_say', text: { ru: 'Не могу оценить', en: 'Cannot say' } }
      ]
    },
    {
      id: 'q_effect',
      type: 'many',
      relevant: usedServices,
      text: { ru: 'Что изменилось после помощи центра?', en: 'What has changed after the centre’s help?' },
      options: [
        { code: 'applied', text: { ru: 'Написали заявку', en: 'We wrote an application' } },
        { code: 'won', text: { ru: 'Получили грант', en: 'We received a grant' } },
        { code: 'registered', text: { ru: 'Зарегистрировали НКО', en: 'We registered an NGO' } },
        { code: 'reporting', text: { ru: 'Наладили отчётность', en: 'Our reporting is in order' } },
        { code: 'partners', text: { ru: 'Нашли партнёров', en: 'We found partners' } },
        { code: 'clearer', text: { ru: 'Стало понятнее, что делать', en: 'It is clearer what to do' } },
        { code: 'nothing', text: { ru: 'Ничего', en: 'Nothing' }, exclusive: true },
        otherOption
      ]
    },
    {
      id: 'q_nps',
      type: 'scale',
      relevant: usedServices,
      text: {
        ru: 'Посоветуете ли вы центр знакомым?',
        en: 'Would you recommend the centre to people you know?'
      },
      scale: {
        min: 0,
        max: 10,
        minText: { ru: 'точно нет', en: 'certainly not' },
        maxText: { ru: 'точно да', en: 'certainly' }
      }
    },
    {
      id: 'q_net',
      type: 'one',
      text: {
        ru: 'Какой интернет там, где вы чаще всего?',
        en: 'What is the internet like where you mostly are?'
      },
      options: [
        { code: 'good', text: { ru: 'Хороший', en: 'Good' } },
        { code: 'unsteady', text: { ru: 'Работает с перебоями', en: 'On and off' } },
        { code: 'in_places', text: { ru: 'Только в отдельных местах', en: 'Only in some places' } },
        { code: 'none', text: { ru: 'Нет', en: 'None' } }
      ]
    },
    {
      id: 'q_self',
      type: 'scale',
      text: {
        ru: '«В нашем селе люди готовы объединяться ради общего дела»',
        en: '“In our village people are ready to join together for a common cause”'
      },
      scale: {
        min: 1,
        max: 5,
        minText: { ru: 'совсем не так', en: 'not so at all' },
        maxText: { ru: 'именно так', en: 'exactly so' }
      }
    },
    {
      id: 'q_coop',
      type: 'one',
      text: {
        ru: 'С кем из НКО района или округа вы сотрудничали за год?',
        en: 'With how many NGOs of the district or region have you worked this year?'
      },
      options: [
        { code: 'none', text: { ru: 'Ни с кем', en: 'With none' } },
        { code: 'one', text: { ru: 'С одной', en: 'With one' } },
        { code: 'few', text: { ru: 'С двумя–тремя', en: 'With two or three' } },
        { code: 'more', text: { ru: 'Больше', en: 'More' } }
      ]
    },
    {
      id: 'q_age',
      type: 'one',
      text: { ru: 'Ваш возраст', en: 'Your age' },
      options: [
        { code: 'from14', text: { ru: '14–17', en: '14–17' } },
        { code: 'from18', text: { ru: '18–35', en: '18–35' } },
        { code: 'from36', text: { ru: '36–54', en: '36–54' } },
        { code: 'from55', text: { ru: '55 и старше', en: '55 and over' } },
        { code: 'undisclosed', text: { ru: 'Не хочу отвечать', en: 'I would rather not say' } }
      ]
    }
  ]
};
