import { pluralForm, type PluralForms } from '#domain/names/plural.ts';
import { logLevels, type SettingName } from '#server/settings.ts';

const number = new Intl.NumberFormat('ru');
const moment = new Intl.DateTimeFormat('ru', { dateStyle: 'long', timeStyle: 'short' });
const counted = (count: number, forms: PluralForms): string =>
  `${number.format(count)} ${pluralForm(count, forms)}`;
const operations = (count: number): string =>
  counted(count, { one: 'операция', few: 'операции', many: 'операций' });
const records = (count: number): string => counted(count, { one: 'запись', few: 'записи', many: 'записей' });

const run = 'npm run -s zimnik --';

const settings: Readonly<Record<SettingName, string>> = {
  PORT: 'порт, на котором работает сервер',
  ZIMNIK_HOST: 'адрес, на котором он работает; 0.0.0.0 — во всех сетях',
  ZIMNIK_URL: 'адрес в браузере, например https://zimnik.example.org; пусто — http://localhost:PORT',
  ZIMNIK_LANGUAGE:
    'ru или en — язык этих сообщений; пусто — русский, если система не настроена на английский',
  ZIMNIK_DATA: 'папка с базами данных и ключами; делайте её копии',
  DATABASE_URL: 'postgres://user:password@host/database для большой установки; пусто — встроенная SQLite',
  ZIMNIK_BACKUP:
    'папка для копий, которые сервер делает сам, лучше на другом диске; пусто — копий он не делает',
  ZIMNIK_BACKUP_HOURS: 'через сколько часов делать следующую такую копию',
  ZIMNIK_BACKUP_KEEP:
    'сколько последних копий хранить; сверх них — последнюю за каждый из двенадцати прошлых месяцев',
  ZIMNIK_FREE_MB: 'фото принимаются, пока на диске свободно столько мегабайт: остальное — для записей',
  ZIMNIK_S3_URL:
    'хранилище S3 для фото, например https://s3.example.org; пусто — фото лежат в папке с данными',
  ZIMNIK_S3_BUCKET: 'корзина (bucket) в этом хранилище, её создают заранее',
  ZIMNIK_S3_REGION: 'регион, как его называет хранилище',
  ZIMNIK_S3_KEY: 'ключ доступа к хранилищу',
  ZIMNIK_S3_SECRET: 'секрет этого ключа',
  ZIMNIK_DEMO: '1 — показ с придуманными людьми',
  ZIMNIK_LOG_LEVEL: `подробность журнала сервера: ${logLevels.join(', ')}; пусто — info, в показе warn`,
  ZIMNIK_METRICS_TOKEN: 'ключ (bearer token) к /metrics; пусто — только с этого компьютера',
  ZIMNIK_TRUST_PROXY: '1 — перед сервером стоит прокси, который ставит X-Forwarded-For',
  ZIMNIK_MIN_BUILD: 'самая старая версия приложения, которой ещё отдаём данные; пусто — любая',
  ZIMNIK_ADDRESS_LIMIT: 'запросов в минуту с одного адреса (у деревни он общий)'
};

/** All that the server's program says to a person on the terminal, in Russian; the shape of the other language. */
export const ru = {
  usage: {
    commands: `zimnik                      запустить сервер
zimnik user reset <почта>   новый пароль: напечатать его один раз и закончить все сеансы этого человека
zimnik user role <почта> <роль>
                            coordinator — координатор, administrator — администратор, field — без входа в офис
zimnik backup [<папка>]     сделать проверенную копию всех данных в новой папке, не останавливая сервер;
                            без папки — в ZIMNIK_BACKUP, устаревшие копии там удаляются
zimnik restore <папка>      вернуть данные из такой копии; сначала остановите сервер. То, что было на их месте,
                            не стирается; планшеты сами передадут то, что записано после копии
zimnik verify               пройти журнал заново и проверить, что записи ему соответствуют
zimnik migrate              перенести центр из встроенной базы (ZIMNIK_DATA) в пустой PostgreSQL (DATABASE_URL)
                            и проверить перенос; сначала остановите сервер
zimnik --help               эта справка и все настройки

Из папки программы: ${run} <команда>
`,
    settings: 'Настройки из окружения (в скобках — значение, если не задано):',
    notCommand: ({ given }: { readonly given: string }) => `Такой команды нет: ${given}. Ничего не сделано.`,
    freshOnlyInDemo: '--fresh — только для показа: данные центра так не стираются. Ничего не изменено.'
  },
  settings,
  wrongSettings: {
    serverDoesNotStart: 'С такими настройками сервер не запускается, данные не тронуты:',
    nothingIsDone: 'С такими настройками ничего не сделано, данные не тронуты:',
    next: `Исправьте их и повторите. О каждой настройке: ${run} --help`,
    unknown: 'такой настройки нет, см. --help',
    wholeNumber: ({ min, max }: { readonly min: number; readonly max: number }) =>
      `нужно целое число от ${min} до ${max}`,
    switch: 'нужно 1 или пусто',
    language: 'нужно ru, en или пусто',
    host: 'нужно имя компьютера или его адрес',
    origin: 'нужно https://host или http://localhost:port, и после этого ничего',
    folder: 'нужно имя папки',
    postgres: 'нужно postgres://user:password@host/database',
    bucket: 'нужно имя корзины (bucket)',
    region: 'нужно имя региона',
    logLevel: `нужно одно из: ${logLevels.join(', ')}`,
    longToken: 'нужно не меньше 16 знаков',
    shortBuild: 'нужно не больше 80 знаков',
    storeIncomplete: 'задаётся вместе с ZIMNIK_S3_BUCKET, ZIMNIK_S3_KEY и ZIMNIK_S3_SECRET',
    demoKeepsPhotos: 'в показе фото лежат в папке с данными: уберите ZIMNIK_S3_URL',
    demoIsEmbedded: 'показ работает на встроенной базе: уберите DATABASE_URL'
  },
  start: {
    preparingDemo: 'Готовим показ…',
    settingsInForce: `Действующие настройки (что они значат: ${run} --help):`,
    byDefault: 'по умолчанию',
    office: ({ url }: { readonly url: string }) => `Офис: ${url}`,
    firstStart: ({ link }: { readonly link: string }) =>
      `Это первый запуск. Администратор один раз открывает эту ссылку:\n  ${link}`,
    answersAt: ({ url }: { readonly url: string }) => `«Зимник» работает: ${url}`,
    noCopies: 'Копии не делаются: укажите в ZIMNIK_BACKUP папку на другом диске.',
    copies: ({ folder, hours }: { readonly folder: string; readonly hours: number }) =>
      `Копии: ${folder}, раз в ${counted(hours, { one: 'час', few: 'часа', many: 'часов' })}.`,
    needsHttps: ({ url }: { readonly url: string }) =>
      `Без связи браузеры работают только по https или на localhost: по адресу ${url} страница так и скажет.`,
    proxyNotDeclared:
      'ZIMNIK_TRUST_PROXY не задана: все посетители считаются одним адресом — адресом прокси перед сервером.',
    demoTitle: 'Показ «Зимника». Демо-данные: люди и организации придуманы.',
    demoField: 'Специалист в поле',
    demoActivist: 'Активист с телефоном',
    demoCoordinator: 'Координатор',
    demoEnd: 'Ctrl-C — закончить. Данные останутся; начать заново: npm run demo -- --fresh',
    stopped: 'Остановлено.'
  },
  holder: {
    process: ({ process, about }: { readonly process: number; readonly about: string }) =>
      `процесс ${process}, ${about}`,
    connections: ({ count }: { readonly count: number }) =>
      `серверы «Зимника»: ${counted(count, { one: 'подключение', few: 'подключения', many: 'подключений' })}`,
    unknown: 'какой процесс, неизвестно'
  },
  problem: {
    demoShown: ({ holder }: { readonly holder: string }) =>
      `Показ уже идёт (${holder}): откройте его ссылки или закончите его там клавишами Ctrl-C.`,
    dataInUse: ({ folder, holder }: { readonly folder: string; readonly holder: string }) =>
      `С данными в ${folder} уже работает другой сервер (${holder}). Ничего не изменено. Сначала остановите его или укажите другую папку в ZIMNIK_DATA.`,
    restoreCutOff: ({ folder }: { readonly folder: string }) =>
      `Возврат копии в ${folder} прервался на середине. Копия и прежние данные целы. Повторите: ${run} restore <копия>`,
    dataMoved: ({ folder }: { readonly folder: string }) =>
      `Данные из ${folder} перенесены в PostgreSQL: укажите DATABASE_URL. Если снова работать и с папкой, у центра станет две разные истории. Для нового центра укажите другую папку в ZIMNIK_DATA.`,
    storeRefuses: ({ answer }: { readonly answer: string }) =>
      `Хранилище фото отказало (${answer}). Записи целы. Проверьте ZIMNIK_S3_URL и четыре настройки рядом с ней и повторите.`,
    storeSilent: ({ reason }: { readonly reason: string }) =>
      `Хранилище фото не отвечает (${reason}). Записи целы. Проверьте его и настройку ZIMNIK_S3_URL и повторите.`,
    notBuilt: ({ folder }: { readonly folder: string }) =>
      `Программа не собрана: в ${folder} нет готовых страниц. Данные не тронуты. Наберите npm run build и запустите снова.`,
    portTaken: ({ port }: { readonly port: number }) =>
      `Порт ${port} занят другой программой. Данные не тронуты. Остановите её или укажите другой PORT.`,
    noSuchAddress: ({ host }: { readonly host: string }) =>
      `У этого компьютера нет адреса ${host}. Данные не тронуты. Исправьте ZIMNIK_HOST.`,
    portForbidden: ({ port }: { readonly port: number }) =>
      `Порт ${port} занять не разрешено. Данные не тронуты. Укажите PORT больше 1023, а обычный порт отдайте прокси.`,
    folderForbidden: ({ folder, code }: { readonly folder: string; readonly code: string }) =>
      `Нет права писать в ${folder} (${code}). Записанное цело. Отдайте папку пользователю, от имени которого работает сервер, или укажите другую в ZIMNIK_DATA.`,
    diskFull: ({ folder }: { readonly folder: string }) =>
      `На диске с ${folder} кончилось место. Записанное цело. Освободите место и запустите снова.`,
    diskFailing: ({ folder, code }: { readonly folder: string; readonly code: string }) =>
      `Диск с ${folder} полон или неисправен (${code}). Неотправленное на планшетах цело. Посмотрите, есть ли на диске место, и запустите снова.`,
    databaseDamaged: ({ folder, code }: { readonly folder: string; readonly code: string }) =>
      `База данных в ${folder} повреждена (${code}). Копии не тронуты, неотправленное на планшетах цело. Сохраните эту папку как есть, затем: ${run} restore <копия>`,
    databaseHeld: ({ folder }: { readonly folder: string }) =>
      `Базу данных в ${folder} держит другая программа. Данные целы. Закройте её и запустите снова.`,
    postgresSilent: ({ address, code }: { readonly address: string; readonly code: string }) =>
      `PostgreSQL не отвечает: ${address}${code === '' ? '' : ` (${code})`}. Записанное и неотправленное цело. Проверьте, работает ли он, и настройку DATABASE_URL.`,
    postgresRefuses: ({ user }: { readonly user: string }) =>
      `PostgreSQL не принимает пользователя ${user} или его пароль. Ничего не изменено. Исправьте DATABASE_URL.`,
    postgresHasNoDatabase: ({ database }: { readonly database: string }) =>
      `В PostgreSQL нет базы ${database}. Ничего не изменено. Создайте её командой createdb или исправьте DATABASE_URL.`,
    postgresForbids: ({ user, database }: { readonly user: string; readonly database: string }) =>
      `PostgreSQL не даёт пользователю ${user} создавать таблицы в ${database}. Данные целы. Нужно право: GRANT CREATE ON SCHEMA public.`,
    databaseTrouble: ({ says }: { readonly says: string }) => `Неполадка базы данных: ${says}`,
    unexpected:
      'Программа остановилась из-за ошибки в ней самой. Неотправленное на планшетах цело. Запустите её снова; если повторится, передайте разработчикам то, что ниже.'
  },
  place: {
    full: ({ folder }: { readonly folder: string }) =>
      `На диске с ${folder} нет места: освободите его или укажите другой диск.`,
    forbidden: ({ folder, code }: { readonly folder: string; readonly code: string }) =>
      `Нет права писать в ${folder} (${code}): отдайте папку пользователю, от имени которого вы это запускаете, или укажите другую.`,
    notReadable: ({ folder }: { readonly folder: string }) =>
      `Нет права читать ${folder}. Ничего не изменено. Запустите от имени пользователя, под которым работает сервер, или от root.`,
    noData: ({ folder }: { readonly folder: string }) =>
      `В ${folder} нет данных. Ничего не изменено. Сначала запустите сервер или укажите нужную папку в ZIMNIK_DATA.`
  },
  damage: {
    recordsDiffer: ({ findings }: { readonly findings: string }) =>
      `Записи не соответствуют журналу: ${findings}.`,
    file: ({ file, says, more }: { readonly file: string; readonly says: string; readonly more: number }) =>
      `Файл ${file} повреждён: ${says}${more > 0 ? ` и ещё ${counted(more, { one: 'такая строка', few: 'такие строки', many: 'таких строк' })}` : ''}.`,
    noCentre: ({ file }: { readonly file: string }) => `В файле ${file} нет центра.`
  },
  tool: {
    missing: ({ program }: { readonly program: string }) =>
      `Нет программы ${program}: поставьте клиент PostgreSQL (postgresql-client) и повторите.`,
    failed: ({ program, says }: { readonly program: string; readonly says: string }) =>
      `Программа ${program} не справилась; исправьте это и повторите: ${says}`,
    code: ({ code }: { readonly code: number }) => `код завершения ${code}`
  },
  progress: {
    copied: 'Копируем',
    photos: 'Копируем фото',
    replayed: 'Проходим журнал',
    compared: 'Сверяем записи'
  },
  backup: {
    nameFolder: 'Назовите новую папку для копии или задайте ZIMNIK_BACKUP. Ничего не сделано.',
    made: ({ folder, count }: { readonly folder: string; readonly count: number }) =>
      `Копия сделана и проверена: ${folder}, ${operations(count)}.`,
    outdatedRemoved: ({ count }: { readonly count: number }) =>
      `Удалено устаревших копий: ${number.format(count)}.`,
    folderTaken: ({ folder }: { readonly folder: string }) =>
      `${folder} уже есть. Ничего не изменено. Назовите новую папку.`,
    nothingToCopy: 'Данных ещё нет: копировать нечего. Сначала запустите сервер.',
    notMade: ({ why }: { readonly why: string }) => `Копия не сделана, центр работает как прежде. ${why}`,
    dataDamaged: ({ damage }: { readonly damage: string }) =>
      `Копия не сделана: рабочие данные повреждены. ${damage} Прежние копии не тронуты. Сохраните папку с данными как есть, затем: ${run} restore <копия>`,
    notProved: ({ damage }: { readonly damage: string }) =>
      `Копия не прошла проверку и не сохранена. ${damage} Прежние копии не тронуты. Подробно: ${run} verify`
  },
  restore: {
    done: ({ madeAt, count }: { readonly madeAt: number; readonly count: number }) =>
      `Данные возвращены и проверены: копия сделана ${moment.format(madeAt)}, ${operations(count)}.`,
    movedTo: ({ folder }: { readonly folder: string }) =>
      `Прежние данные лежат в ${folder}; удалите их, когда убедитесь, что всё хорошо.`,
    later: ({ count }: { readonly count: number }) =>
      count === 0
        ? 'Прежние данные были не новее этой копии.'
        : `В прежних данных после этой копии: ${operations(count)}.`,
    next: [
      'Теперь запустите сервер. Как только планшеты и браузеры офиса выйдут на связь, они сами передадут то, что сохранили',
      'после копии; кто уже был на связи, видно на странице «Планшеты». Пароли и учётные записи, которые менялись после',
      'копии, задайте заново; планшеты, подключённые после неё, подключите ещё раз — записи на них целы.'
    ].join('\n'),
    noCopy: ({ copy }: { readonly copy: string }) =>
      `В ${copy} нет целой копии. Ничего не изменено. Назовите папку, которую сделала команда «zimnik backup».`,
    isPostgres: ({ copy }: { readonly copy: string }) =>
      `В ${copy} копия PostgreSQL. Ничего не изменено. Укажите DATABASE_URL.`,
    isEmbedded: ({ copy }: { readonly copy: string }) =>
      `В ${copy} копия встроенной базы. Ничего не изменено. Уберите DATABASE_URL.`,
    inUse: ({ holder }: { readonly holder: string }) =>
      `С этими данными работает сервер (${holder}). Ничего не изменено. Сначала остановите его.`,
    notDone: ({ why }: { readonly why: string }) =>
      `Ничего не изменено. ${why} Потом повторите тот же restore.`,
    toolFailed: ({ why }: { readonly why: string }) => `Ничего не изменено. ${why}`,
    copyDamaged: ({ copy, damage }: { readonly copy: string; readonly damage: string }) =>
      `Ничего не изменено: копия в ${copy} негодна. ${damage} Возьмите копию постарше.`,
    dumpNotProved: ({ damage }: { readonly damage: string }) =>
      `База возвращена, но проверки не прошла: не запускайте на ней сервер. ${damage} Верните копию постарше.`
  },
  migrate: {
    nameDatabase:
      'Укажите пустой PostgreSQL в DATABASE_URL; данные берутся из ZIMNIK_DATA. Ничего не изменено.',
    done: ({
      operationCount,
      recordCount,
      accountCount
    }: {
      readonly operationCount: number;
      readonly recordCount: number;
      readonly accountCount: number;
    }) =>
      `Перенесено и проверено: ${operations(operationCount)}, ${records(recordCount)}, ${counted(accountCount, { one: 'учётная запись', few: 'учётные записи', many: 'учётных записей' })}.`,
    next: ({ folder }: { readonly folder: string }) =>
      [
        'Теперь запустите сервер с тем же DATABASE_URL. Планшеты, ссылки, пароли и сеансы остаются как были.',
        `Папка ${folder} не изменилась, но с ней больше не работают; храните её, пока не сделана первая копия.`
      ].join('\n'),
    noData: ({ folder }: { readonly folder: string }) =>
      `В ${folder} нет данных. Ничего не изменено. Укажите нужную папку в ZIMNIK_DATA.`,
    inUse: ({ folder, holder }: { readonly folder: string; readonly holder: string }) =>
      `С данными в ${folder} работает сервер (${holder}). Ничего не изменено. Сначала остановите его.`,
    targetInUse: ({ holder }: { readonly holder: string }) =>
      `С этим PostgreSQL работают (${holder}). Ничего не изменено. Сначала остановите их.`,
    notEmpty: 'В этом PostgreSQL уже есть центр. Ничего не изменено. Укажите пустую базу.',
    differs: ({ table, from, to }: { readonly table: string; readonly from: number; readonly to: number }) =>
      `Таблица ${table} перенеслась не целиком: строк было ${number.format(from)}, стало ${number.format(to)}. Перенос отменён, данные в папке целы. Повторите; если не помогло, передайте эту строку разработчикам.`,
    notProved: ({ findings }: { readonly findings: string }) =>
      `Перенос не прошёл проверку: не запускайте на этой базе сервер. Данные в папке целы. Записи не соответствуют журналу: ${findings}`
  },
  verify: {
    whole: ({
      recordCount,
      operationCount
    }: {
      readonly recordCount: number;
      readonly operationCount: number;
    }) =>
      `Всё сходится: ${records(recordCount)}, ${operations(operationCount)}. Записи соответствуют журналу, его цепочка цела.`,
    findings: ({
      count,
      recordCount,
      operationCount
    }: {
      readonly count: number;
      readonly recordCount: number;
      readonly operationCount: number;
    }) =>
      `Не сходится: ${number.format(count)} (проверено: ${records(recordCount)}, ${operations(operationCount)}). Ничего не изменено. Сохраните эти строки; исправить поможет копия: ${run} restore <копия>`,
    files: ({ stored, awaited }: { readonly stored: number; readonly awaited: number }) =>
      `Подписи и снимки, на которые указывают записи: здесь ${number.format(stored)}, ещё на планшетах ${number.format(awaited)}.`
  },
  user: {
    newPassword: ({ email, password }: { readonly email: string; readonly password: string }) =>
      `Новый пароль для ${email}: ${password}`,
    unknown: ({ email }: { readonly email: string }) =>
      `Учётной записи с адресом ${email} нет. Ничего не изменено. Проверьте адрес.`,
    lastAdministrator: ({ email }: { readonly email: string }) =>
      `${email} — единственный администратор. Ничего не изменено. Сначала назначьте другого.`,
    roleGiven: ({
      email,
      role,
      devices
    }: {
      readonly email: string;
      readonly role: 'field' | 'coordinator' | 'administrator';
      readonly devices: number;
    }) => {
      const roles = { field: 'без входа в офис', coordinator: 'координатор', administrator: 'администратор' };
      return `${email}: теперь ${roles[role]}. Изменено устройств: ${number.format(devices)}.`;
    }
  }
};

/** What each language has: a missing or differently called one does not compile. */
export type OperatorWords = typeof ru;
