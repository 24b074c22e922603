/** The few words that the server itself writes on the page of a link; everything else is written by the page's program. */
export const surveyTexts = {
  ru: {
    opening: 'Анкета открывается…',
    oldBrowser: 'Этот браузер слишком старый для анкеты. Откройте ссылку на другом телефоне или позвоните:',
    noScript: 'Чтобы заполнить анкету, включите JavaScript в настройках браузера или позвоните:',
    insecure:
      'Страница открыта по незащищённому адресу: без связи она не откроется, и ответы могли бы прочесть посторонние. Попросите адрес, который начинается с https. Вопросы:',
    unknownTitle: 'Такой анкеты нет',
    unknown: 'Проверьте ссылку или позвоните:',
    closedTitle: 'Опрос закончен',
    closed: 'Новые анкеты больше не принимаются. Вопросы:',
    callless: 'Проверьте ссылку.',
    closedCallless: 'Новые анкеты больше не принимаются.'
  },
  en: {
    opening: 'The questionnaire is opening…',
    oldBrowser: 'This browser is too old for the questionnaire. Open the link on another phone or call:',
    noScript: 'To fill in the questionnaire, turn on JavaScript in the browser settings or call:',
    insecure:
      'The page is open at an insecure address: it would not open without a connection, and others could read the answers. Ask for the address that begins with https. Questions:',
    unknownTitle: 'There is no such questionnaire',
    unknown: 'Check the link or call:',
    closedTitle: 'The survey has ended',
    closed: 'New answers are no longer taken. Questions:',
    callless: 'Check the link.',
    closedCallless: 'New answers are no longer taken.'
  }
} as const;

export type SurveyLanguage = keyof typeof surveyTexts;
