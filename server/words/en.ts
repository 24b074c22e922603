import { logLevels } from '#server/settings.ts';
import type { OperatorWords } from './ru.ts';

const number = new Intl.NumberFormat('en');
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' });
const rules = new Intl.PluralRules('en');
const counted = (count: number, one: string): string =>
  `${number.format(count)} ${rules.select(count) === 'one' ? one : `${one}s`}`;

const run = 'npm run -s zimnik --';

/** All that the server's program says to a person on the terminal, in English. */
export const en: OperatorWords = {
  usage: {
    commands: `zimnik                      start the server
zimnik user reset <email>   set a new password, print it once, end the account's sessions
zimnik user role <email> <role>
                            make an account coordinator or administrator; field closes the office to it
zimnik backup [<folder>]    consistent, proved copy of all data into a new folder, beside a working server;
                            without a name: into ZIMNIK_BACKUP, removing outdated ones
zimnik restore <folder>     put such a copy in the place of the data; stop the server first. What was there is
                            moved aside; tablets offer again what they have kept since the copy
zimnik verify               replay the log and prove that the records equal it
zimnik migrate              copy a centre from the embedded database in ZIMNIK_DATA into the empty PostgreSQL of
                            DATABASE_URL and prove the copy; stop the server first
zimnik --help               this text, and every setting

From the project's folder: ${run} <command>
`,
    settings: 'Settings from the environment (in brackets: when unset):',
    notCommand: ({ given }) => `Not a command: ${given}. Nothing was done.`,
    freshOnlyInDemo: '--fresh is for the demonstration only: a centre keeps its data. Nothing was changed.'
  },
  settings: {
    PORT: 'port to listen on',
    ZIMNIK_HOST: 'address to listen on; 0.0.0.0 = every network',
    ZIMNIK_URL: 'address in the browser, such as https://zimnik.example.org; empty = http://localhost:PORT',
    ZIMNIK_LANGUAGE:
      'ru or en: language of these messages; empty = Russian, unless the system is set to English',
    ZIMNIK_DATA: 'folder of the databases and secrets; back it up',
    DATABASE_URL:
      'postgres://user:password@host/database for a large installation; empty = the embedded SQLite',
    ZIMNIK_BACKUP:
      'folder for the copies that the server makes by itself, best on another disk; empty = none',
    ZIMNIK_BACKUP_HOURS: 'hours between two such copies',
    ZIMNIK_BACKUP_KEEP: 'so many newest copies stay, and the last one of each of the twelve months before',
    ZIMNIK_FREE_MB:
      'photos are taken only while so many megabytes of the disk are free: the rest is kept for records',
    ZIMNIK_S3_URL:
      'an S3-compatible store for photos, such as https://s3.example.org; empty = they lie in the data folder',
    ZIMNIK_S3_BUCKET: 'bucket in that store, made beforehand',
    ZIMNIK_S3_REGION: 'region that the store calls itself',
    ZIMNIK_S3_KEY: 'access key of that store',
    ZIMNIK_S3_SECRET: 'secret of that key',
    ZIMNIK_DEMO: '1 = the demonstration centre with invented people',
    ZIMNIK_LOG_LEVEL: `one of ${logLevels.join(', ')}; empty = info, in the demonstration warn`,
    ZIMNIK_METRICS_TOKEN: 'bearer token for /metrics; empty = this machine only',
    ZIMNIK_TRUST_PROXY: '1 = a proxy stands before the server and sets X-Forwarded-For',
    ZIMNIK_MIN_BUILD: 'oldest version of the app that may receive data; empty = any',
    ZIMNIK_ADDRESS_LIMIT: 'requests a minute from one address (a village shares one)'
  },
  wrongSettings: {
    serverDoesNotStart: 'The server does not start with these settings; the data are as they were:',
    nothingIsDone: 'Nothing is done with these settings; the data are as they were:',
    next: `Put them right and try again. Every variable is explained by: ${run} --help`,
    unknown: 'no such setting; see --help',
    wholeNumber: ({ min, max }) => `a whole number from ${min} to ${max}`,
    switch: '1 or empty',
    language: 'ru, en or empty',
    host: 'a host name or an address',
    origin: 'https://host or http://localhost:port, nothing after it',
    folder: 'the name of a folder',
    postgres: 'postgres://user:password@host/database',
    bucket: 'the name of a bucket',
    region: 'the name of a region',
    logLevel: `one of ${logLevels.join(', ')}`,
    longToken: 'at least 16 characters',
    shortBuild: 'at most 80 characters',
    storeIncomplete: 'goes together with ZIMNIK_S3_BUCKET, ZIMNIK_S3_KEY and ZIMNIK_S3_SECRET',
    demoKeepsPhotos: 'the demonstration keeps its photos in the data folder: unset ZIMNIK_S3_URL',
    demoIsEmbedded: 'the demonstration lives in the embedded database: unset DATABASE_URL'
  },
  start: {
    preparingDemo: 'Preparing the demonstration…',
    settingsInForce: `Settings in force (${run} --help explains them):`,
    byDefault: 'default',
    office: ({ url }) => `The office is at ${url}`,
    firstStart: ({ link }) => `The first start. The administrator opens this link, once:\n  ${link}`,
    answersAt: ({ url }) => `Zimnik answers at ${url}`,
    noCopies: 'No copies are made: set ZIMNIK_BACKUP to a folder on another disk.',
    copies: ({ folder, hours }) => `Copies go to ${folder}, every ${counted(hours, 'hour')}.`,
    needsHttps: ({ url }) =>
      `Browsers allow offline work only by https or on localhost: ${url} will show a page that says so.`,
    proxyNotDeclared:
      'ZIMNIK_TRUST_PROXY is not set: all visitors count as one address, the one of the proxy before this server.',
    demoTitle: 'The demonstration of Zimnik. People and organisations are invented.',
    demoField: 'Field worker',
    demoActivist: 'Activist with a phone',
    demoCoordinator: 'Coordinator',
    demoEnd: 'Ctrl-C ends it. The data stay; to start over: npm run demo -- --fresh',
    stopped: 'Stopped.'
  },
  holder: {
    process: ({ process, about }) => `process ${process}, ${about}`,
    connections: ({ count }) => `Zimnik servers: ${counted(count, 'connection')}`,
    unknown: 'its process is unknown'
  },
  problem: {
    demoShown: ({ holder }) =>
      `The demonstration is already shown (${holder}): open its links, or end it there with Ctrl-C.`,
    dataInUse: ({ folder, holder }) =>
      `Another server works on ${folder} (${holder}). Nothing was changed. Stop it first, or set another ZIMNIK_DATA.`,
    restoreCutOff: ({ folder }) =>
      `A restore into ${folder} was cut off. The copy and the data from before are safe. Run it again: ${run} restore <backup>`,
    dataMoved: ({ folder }) =>
      `The data of ${folder} were moved into PostgreSQL: set DATABASE_URL. Served here once more they would become a second history. For a new centre set another ZIMNIK_DATA.`,
    storeRefuses: ({ answer }) =>
      `Photos cannot be reached (the store answered ${answer}). The records are safe. See ZIMNIK_S3_URL and the four settings beside it, then try again.`,
    storeSilent: ({ reason }) =>
      `Photos cannot be reached (the store does not answer: ${reason}). The records are safe. See the store and ZIMNIK_S3_URL, then try again.`,
    notBuilt: ({ folder }) =>
      `The program is not built: ${folder} holds no pages. The data are as they were. Say npm run build, then start again.`,
    portTaken: ({ port }) =>
      `Port ${port} is taken by another program. The data are as they were. Stop it or set another PORT.`,
    noSuchAddress: ({ host }) =>
      `ZIMNIK_HOST ${host} is no address of this machine. The data are as they were. Put ZIMNIK_HOST right.`,
    portForbidden: ({ port }) =>
      `Not allowed to listen on port ${port}. The data are as they were. Set a PORT above 1023 and let a proxy take the well-known one.`,
    folderForbidden: ({ folder, code }) =>
      `Not allowed to write into ${folder} (${code}). What was written is safe. Give it to the user that runs the server, or set ZIMNIK_DATA.`,
    diskFull: ({ folder }) =>
      `The disk of ${folder} is full. What was written is safe. Free some space and start again.`,
    diskFailing: ({ folder, code }) =>
      `The disk of ${folder} is full or failing (${code}). Unsent work on the tablets is safe. Look at its free space and start again.`,
    databaseDamaged: ({ folder, code }) =>
      `A database in ${folder} is damaged (${code}). Copies are untouched, unsent work on the tablets is safe. Keep this folder as it is, then: ${run} restore <backup>`,
    databaseHeld: ({ folder }) =>
      `Another program holds a database in ${folder}. The data are safe. End it and start again.`,
    postgresSilent: ({ address, code }) =>
      `PostgreSQL does not answer at ${address}${code === '' ? '' : ` (${code})`}. What was written and what is unsent is safe. See whether it runs, and DATABASE_URL.`,
    postgresRefuses: ({ user }) =>
      `PostgreSQL refuses the user ${user} or its password. Nothing was changed. See DATABASE_URL.`,
    postgresHasNoDatabase: ({ database }) =>
      `PostgreSQL has no database ${database}. Nothing was changed. Make it with createdb, or see DATABASE_URL.`,
    postgresForbids: ({ user, database }) =>
      `PostgreSQL does not let ${user} make tables in ${database}. The data are safe. The right is missing: GRANT CREATE ON SCHEMA public.`,
    databaseTrouble: ({ says }) => `Trouble with the database: ${says}`,
    unexpected:
      'The program stopped by a mistake of its own. Unsent work on the tablets is safe. Start it again; if it comes back, give the developers what is below.'
  },
  place: {
    full: ({ folder }) => `The disk of ${folder} is full: free some space there, or name another disk.`,
    forbidden: ({ folder, code }) =>
      `Not allowed to write into ${folder} (${code}): give it to the user that runs this, or name another folder.`,
    notReadable: ({ folder }) =>
      `Not allowed to read ${folder}. Nothing was changed. Run this as the user that runs the server, or as root.`,
    noData: ({ folder }) =>
      `${folder} holds no data. Nothing was changed. Start the server first, or set ZIMNIK_DATA.`
  },
  damage: {
    recordsDiffer: ({ findings }) => `Its records are not what its log tells: ${findings}.`,
    file: ({ file, says, more }) =>
      `${file} is damaged: ${says}${more > 0 ? ` and ${counted(more, 'more line')} like these` : ''}.`,
    noCentre: ({ file }) => `${file} holds no centre.`
  },
  tool: {
    missing: ({ program }) =>
      `There is no program ${program}: install PostgreSQL's client (postgresql-client) and try again.`,
    failed: ({ program, says }) => `The program ${program} failed; put this right and try again: ${says}`,
    code: ({ code }) => `it ended with code ${code}`
  },
  progress: {
    copied: 'Copying',
    photos: 'Copying photos',
    replayed: 'Replaying the log',
    compared: 'Comparing the records'
  },
  backup: {
    nameFolder: 'Name a new folder for the copy, or set ZIMNIK_BACKUP. Nothing was done.',
    made: ({ folder, count }) => `Copied and proved: ${folder}, ${counted(count, 'operation')}.`,
    outdatedRemoved: ({ count }) => `Outdated copies removed: ${number.format(count)}.`,
    folderTaken: ({ folder }) => `${folder} is there already. Nothing was changed. Name a new folder.`,
    nothingToCopy: 'There is no data yet, so nothing to copy. Start the server first.',
    notMade: ({ why }) => `No copy was made; the centre goes on as before. ${why}`,
    dataDamaged: ({ damage }) =>
      `No copy was made: the working data are damaged. ${damage} Earlier copies are untouched. Keep the data folder as it is, then: ${run} restore <backup>`,
    notProved: ({ damage }) =>
      `The copy was not proved and is not kept. ${damage} Earlier copies are untouched. All of it: ${run} verify`
  },
  restore: {
    done: ({ madeAt, count }) =>
      `Restored and proved: the copy of ${moment.format(madeAt)}, ${counted(count, 'operation')}.`,
    movedTo: ({ folder }) => `What was there before lies in ${folder}; delete it when all is well.`,
    later: ({ count }) =>
      count === 0
        ? 'What was there before was no newer than this copy.'
        : `What was there before held ${counted(count, 'later operation')}.`,
    next: [
      'Start the server now. Tablets and browsers of the office offer again by themselves what they have kept since the',
      'copy, as soon as they connect; the page «Планшеты» shows who was there. Accounts and passwords that were changed',
      'since the copy have to be made again; connect tablets anew that were connected since: their records are safe.'
    ].join('\n'),
    noCopy: ({ copy }) =>
      `${copy} holds no whole copy. Nothing was changed. Name the folder that «zimnik backup» has made.`,
    isPostgres: ({ copy }) => `${copy} is a dump of PostgreSQL. Nothing was changed. Set DATABASE_URL.`,
    isEmbedded: ({ copy }) =>
      `${copy} is a copy of the embedded database. Nothing was changed. Unset DATABASE_URL.`,
    inUse: ({ holder }) => `A server works on these data (${holder}). Nothing was changed. Stop it first.`,
    notDone: ({ why }) => `Nothing was changed. ${why} Then run the same restore again.`,
    toolFailed: ({ why }) => `Nothing was changed. ${why}`,
    copyDamaged: ({ copy, damage }) =>
      `Nothing was changed: the copy in ${copy} is no good. ${damage} Take an older copy.`,
    dumpNotProved: ({ damage }) =>
      `The dump is restored, but was not proved: do not serve it. ${damage} Restore an older copy.`
  },
  migrate: {
    nameDatabase:
      'Name the empty PostgreSQL by DATABASE_URL; the data are taken from ZIMNIK_DATA. Nothing was changed.',
    done: ({ operationCount, recordCount, accountCount }) =>
      `Copied and proved: ${counted(operationCount, 'operation')}, ${counted(recordCount, 'record')}, ${counted(accountCount, 'account')}.`,
    next: ({ folder }) =>
      [
        'Start the server with the same DATABASE_URL now. Tablets, links, passwords and sign-ins stay as they are.',
        `${folder} stays as it was and is not served any more; keep it until a backup was made.`
      ].join('\n'),
    noData: ({ folder }) => `${folder} holds no data. Nothing was changed. Set ZIMNIK_DATA.`,
    inUse: ({ folder, holder }) =>
      `A server works on ${folder} (${holder}). Nothing was changed. Stop it first.`,
    targetInUse: ({ holder }) =>
      `This PostgreSQL is in use (${holder}). Nothing was changed. Stop the servers first.`,
    notEmpty: 'This PostgreSQL holds a centre already. Nothing was changed. Name an empty database.',
    differs: ({ table, from, to }) =>
      `The table ${table} was not copied whole: ${number.format(from)} rows there, ${number.format(to)} here. Nothing was kept, the data in the folder are safe. Try again; if that does not help, give this line to the developers.`,
    notProved: ({ findings }) =>
      `The copy is there, but was not proved: do not serve it. The data in the folder are safe. Its records are not what its log tells: ${findings}`
  },
  verify: {
    whole: ({ recordCount, operationCount }) =>
      `Proved: the records (${number.format(recordCount)}) equal the fold of ${counted(operationCount, 'operation')}; the chain is whole.`,
    findings: ({ count, recordCount, operationCount }) =>
      `${counted(count, 'finding')} in ${counted(operationCount, 'operation')} and ${counted(recordCount, 'record')}. Nothing was changed. Keep these lines; a copy helps to put it right: ${run} restore <backup>`,
    files: ({ stored, awaited }) =>
      `Signatures and pictures named by records: ${number.format(stored)} are here, ${number.format(awaited)} still wait on a tablet.`
  },
  user: {
    newPassword: ({ email, password }) => `New password for ${email}: ${password}`,
    unknown: ({ email }) =>
      `There is no account with the address ${email}. Nothing was changed. Check the address.`,
    lastAdministrator: ({ email }) =>
      `${email} is the only administrator. Nothing was changed. Make another one first.`,
    roleGiven: ({ email, role, devices }) => {
      const roles = {
        field: 'kept out of the office',
        coordinator: 'coordinator',
        administrator: 'administrator'
      };
      return `${email} is ${roles[role]} now; devices changed: ${number.format(devices)}.`;
    }
  }
};
