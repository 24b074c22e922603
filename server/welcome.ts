import { renderUnicodeCompact } from 'uqr';
import { isLocalhost, isSecureUrl } from './access/site-url.ts';
import type { Config } from './config.ts';
import { demoLinks } from './http/demo.ts';
import type { RunningServer } from './start-server.ts';

/** What the terminal shows once the server answers: where to go next. */
export async function welcome(config: Config, server: RunningServer): Promise<string> {
  const { demo, setupCode } = server.centre();
  const warning = warningOf(config);
  if (demo !== undefined) return warning + demoWelcome(config, demoLinks(demo));
  const code = await setupCode();
  const next =
    code === undefined
      ? `The office is at ${config.url}/office`
      : `The first start. The administrator opens this link, once:\n  ${config.url}/office/setup/${code}`;
  const copies =
    config.backups === undefined
      ? 'No copies are made: set ZIMNIK_BACKUP to a folder on another disk.'
      : `Copies go to ${config.backups.folder}, every ${config.backups.everyMs / 3_600_000} hours.`;
  return `${warning}Зимник answers at ${config.url}\n${next}\n${copies}`;
}

function warningOf(config: Config): string {
  if (isLocalhost(config.url)) return '';
  if (!isSecureUrl(config.url))
    return `\nBrowsers allow offline work only by https or on localhost: ${config.url} will show a page that says so.\n`;
  return config.trustProxy
    ? ''
    : '\nZIMNIK_TRUST_PROXY is not set: all visitors count as one address, the one of the proxy before this server.\n';
}

function demoWelcome(config: Config, links: ReturnType<typeof demoLinks>): string {
  const rows = [
    ['1  Специалист в поле', `${config.url}${links.field}`],
    ['2  Активист с телефоном', `${config.url}${links.survey}`],
    ['3  Координатор', `${config.url}${links.office}`]
  ] as const;
  // A phone gets nothing that works offline from plain http, so only https is worth a picture to scan.
  const codes = isSecureUrl(config.url)
    ? rows.slice(0, 2).map(([who, link]) => `\n${who}\n${renderUnicodeCompact(link)}`)
    : [];
  return [
    '',
    'Показ «Зимника». Демо-данные: люди и организации придуманы.',
    '',
    ...rows.map(([who, link]) => `  ${who.padEnd(24)}${link}`),
    ...codes,
    '',
    'Ctrl-C — закончить. Данные останутся; начать заново: npm run demo -- --fresh',
    ''
  ].join('\n');
}
