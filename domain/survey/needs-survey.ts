import type { Form } from './form.ts';
import { firstPart } from './needs-survey-first.ts';
import { morePart } from './needs-survey-more.ts';

/**
 * The needs survey, Russian and English complete: eight screens that everybody is asked, then the rest for those who
 * go on. Nothing is required («Отвечать можно не на всё»). The intro's places are `{centre}`, `{results}` (where and
 * when they will be shown), `{name}` and `{phone}` of whom to ask, and `{device}` («на этом телефоне»), because it is read
 * aloud from a tablet too.
 */
export const needsSurvey: Form = {
  id: 'needs',
  version: 1,
  languages: ['ru', 'en'],
  title: { ru: 'Какая помощь нужна вашему селу?', en: 'What help does your village need?' },
  intro: [
    {
      ru: 'Спрашивает {centre}. Центр помогает общественным организациям и активным жителям.',
      en: 'Asked by {centre}. The centre helps civic organisations and active residents.'
    },
    {
      ru: 'Ответы помогут решить, чему учить, к кому приехать и за какую помощь бороться в следующем году.',
      en: 'The answers help to decide what to teach, whom to visit and what help to strive for next year.'
    },
    { ru: 'Фамилию и телефон не спрашиваем.', en: 'We ask for no surname and no telephone number.' },
    {
      ru: 'Займёт около 5 минут. Можно прерваться и продолжить позже: ответы сохранятся {device}.',
      en: 'It takes about 5 minutes. You can stop and go on later: the answers are kept {device}.'
    },
    {
      ru: 'Связь нужна только для отправки, меньше 0,1 МБ.',
      en: 'A connection is needed only for sending, less than 0.1 MB.'
    },
    {
      ru: 'Отвечать можно не на всё. Отказаться можно в любой момент.',
      en: 'You need not answer everything. You can refuse at any moment.'
    },
    {
      ru: 'Итоги покажем {results}. Вопросы: {name}, {phone}.',
      en: 'We will show the results {results}. Questions: {name}, {phone}.'
    }
  ],
  parts: [firstPart, morePart]
};
