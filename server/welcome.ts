import { renderUnicodeCompact } from 'uqr';
import { isLocalhost, isSecureUrl } from './access/site-url.ts';
import type { Config } from './config.ts';
import { demoLinks } from './http/demo.ts';
import type { RunningServer } from './start-server.ts';
import type { OperatorWords } from './words/index.ts';

type StartWords = OperatorWords['start'];

/** What the terminal shows once the server answers: where to go next. */
export async function welcome(
  config: Config,
  server: RunningServer,
  { start: words }: OperatorWords
): Promise<string> {
  const { demo, setupCode } = server.centre();
  const warning = warningOf(config, words);
  if (demo !== undefined) return warning + demoWelcome(config, demoLinks(demo), words);
  const code = await setupCode();
  const next =
    code === undefined
      ? words.office({ url: `${config.url}/office` })
      : words.firstStart({ link: `${config.url}/office/setup/${code}` });
  const copies =
    config.backups === undefined
      ? words.noCopies
      : words.copies({ folder: config.backups.folder, hours: config.backups.everyMs / 3_600_000 });
  return `${warning}${words.answersAt(config)}\n${next}\n${copies}`;
}

function warningOf(config: Config, words: StartWords): string {
  if (isLocalhost(config.url)) return '';
  if (!isSecureUrl(config.url)) return `\n${words.needsHttps(config)}\n`;
  return config.trustProxy ? '' : `\n${words.proxyNotDeclared}\n`;
}

function demoWelcome(config: Config, links: ReturnType<typeof demoLinks>, words: StartWords): string {
  const rows = [
    [`1  ${words.demoField}`, `${config.url}${links.field}`],
    [`2  ${words.demoActivist}`, `${config.url}${links.survey}`],
    [`3  ${words.demoCoordinator}`, `${config.url}${links.office}`]
  ] as const;
  // A phone gets nothing that works offline from plain http, so only https is worth a picture to scan.
  const codes = isSecureUrl(config.url)
    ? rows.slice(0, 2).map(([who, link]) => `\n${who}\n${renderUnicodeCompact(link)}`)
    : [];
  return [
    '',
    words.demoTitle,
    '',
    ...rows.map(([who, link]) => `  ${who.padEnd(26)}${link}`),
    ...codes,
    '',
    words.demoEnd,
    ''
  ].join('\n');
}
