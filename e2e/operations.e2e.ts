import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as begin } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { administrator, setUp } from './fresh-centre.ts';
import { addWalkIn, expectDelivered, sendNow } from './page-models/field-notebook.ts';
import { startServer, zimnik, type RunningServer } from './server.ts';

test.use({ ...screens.tablet, serverMode: 'fresh' });

/** What no log may hold: people, their words, and whatever opens something. */
const secrets = [
  administrator.name,
  administrator.email,
  administrator.password,
  'Шеркалы',
  'Ёркина',
  'Зимовьев'
];

test('a server is stopped, put back from a copy and started: the tablet brings what the copy lacks', async ({
  page,
  server
}) => {
  const copies = await mkdtemp(join(tmpdir(), 'zimnik-copies-'));
  const api = await request.newContext({ baseURL: server.url });
  const enrolPath = await setUp(api, server);

  const second = await zimnik([], { ...dataOf(server), PORT: String(server.port + 1) });
  expect(second).toMatchObject({ code: 1 });
  expect(second.printed).toContain(`Another server works on ${server.dataDirectory} (process `);

  await page.goto(server.url + enrolPath);
  await page.getByRole('link', { name: 'Открыть блокнот' }).click();
  await expectDelivered(page);
  await page.getByRole('link', { name: 'Создать мероприятие' }).last().click();
  await page.getByLabel('Название').fill('Встреча у печи');
  await page.getByLabel('Населённый пункт').selectOption({ label: 'Шеркалы' });
  await page.getByRole('button', { name: 'Записать и открыть лист' }).click();
  await addWalkIn(page, 'Ёркина', 'Фёкла');
  await sendNow(page);

  const made = await zimnik(['backup'], { ...dataOf(server), ZIMNIK_BACKUP: copies });
  expect(made).toMatchObject({ code: 0 });
  expect(made.printed).toContain('Copied and proved');
  await addWalkIn(page, 'Зимовьев', 'Егор');
  await sendNow(page);
  const seq = await logSeq(server.url);

  // The tablet listens to pokes all the while; a request that has begun is answered to its end.
  const answered = await stopDuringRequest(server);
  expect(answered).toBe(401);
  expect(server.output()).toMatch(/Stopped\.\s*$/);

  const copy = join(copies, (await readdir(copies))[0] ?? '');
  const restored = await zimnik(['restore', copy], dataOf(server));
  expect(restored.printed).toContain('Restored and proved');
  expect(restored.code).toBe(0);

  const again = await startServer({ mode: 'fresh', port: server.port, dataDirectory: server.dataDirectory });
  expect(await logSeq(server.url)).toBeLessThan(seq);
  await sendNow(page);
  await expect(page.getByText('Отмечено 2 из 2')).toBeVisible();
  // What the copy lacks is offered as soon as the server tells that it has forgotten.
  await expect.poll(() => logSeq(server.url)).toBe(seq);
  const proved = await zimnik(['verify'], dataOf(server));
  expect(proved.printed).toContain(`equal the fold of ${seq} operations; the chain is whole`);
  await again.stop();

  const log = [server, again]
    .flatMap((one) => one.output().split('\n'))
    .filter((line) => line.startsWith('{'));
  expect(log.length).toBeGreaterThan(20);
  for (const secret of [...secrets, enrolPath.slice('/enrol/'.length)])
    expect(log.join('\n')).not.toContain(secret);
  await api.dispose();
  await rm(copies, { recursive: true });
});

test('an operator who reads Russian is told in Russian what happened, what is safe and what to do', async ({
  server
}) => {
  const copies = await mkdtemp(join(tmpdir(), 'zimnik-copies-'));
  const api = await request.newContext({ baseURL: server.url });
  await setUp(api, server);
  await api.dispose();
  const said = async (words: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    // What a machine that nobody has set up has.
    const machine = { ZIMNIK_LANGUAGE: '', LC_ALL: '', LC_MESSAGES: '', LANG: 'C.UTF-8' };
    const { code, printed } = await zimnik(words, { ...machine, ...dataOf(server), ...env });
    return `${code}: ${printed}`;
  };
  const copy = join(copies, 'copy');

  expect(await said(['backup', copy])).toMatch(
    /^0: Копия сделана и проверена: \S+\/copy, \d+ операци[яий]\.\n$/
  );
  expect(await said(['backup', copy])).toBe(
    `1: ${copy} уже есть. Ничего не изменено. Назовите новую папку.\n`
  );
  expect(await said(['restore', copy])).toMatch(
    /^1: С этими данными работает сервер \(процесс \d+, http:\/\/localhost:\d+\)\. Ничего не изменено\. /
  );
  expect(await said(['restore', copy], { ZIMNIK_DATA: join(copies, 'drill') })).toMatch(
    /^0: Данные возвращены и проверены: копия сделана \d+ [а-я]+ \d{4}\sг\. .*\nТеперь запустите сервер\./
  );
  expect(await said(['verify'])).toMatch(
    /^0: Всё сходится: \d+ запис[ьией]+, \d+ операци[яий]\. Записи соответствуют журналу, его цепочка цела\.\n$/
  );
  expect(await said(['backups'])).toMatch(
    /запустить сервер\n[^]*Такой команды нет: backups\. Ничего не сделано\.\n$/
  );
  expect(await said(['user', 'reset', 'nobody@example.org'])).toBe(
    '1: Учётной записи с адресом nobody@example.org нет. Ничего не изменено. Проверьте адрес.\n'
  );
  expect(await said([], { PORT: 'http' })).toMatch(
    /^2: С такими настройками сервер не запускается, данные не тронуты:\n {2}PORT: нужно целое число/
  );
  expect(await said(['--help'])).not.toMatch(/\b(?:the|start|folder|unset)\b/);
  // The same in English, where the machine is set to it.
  expect(await said(['verify'], { LANG: 'en_US.UTF-8' })).toMatch(
    /^0: Proved: the records \(\d+\) equal the fold/
  );

  await server.stop();
  const again = await startServer({
    mode: 'fresh',
    port: server.port,
    dataDirectory: server.dataDirectory,
    env: { ZIMNIK_LANGUAGE: 'ru' }
  });
  await again.stop();
  const welcome = again.output();
  expect(welcome).toContain(
    `«Зимник» работает: ${server.url}\nОфис: ${server.url}/office\nКопии не делаются:`
  );
  expect(welcome).toMatch(/Остановлено\.\s*$/);
  await rm(copies, { recursive: true });
});

function dataOf(server: RunningServer): Readonly<Record<string, string>> {
  return { ZIMNIK_DATA: server.dataDirectory };
}

async function logSeq(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^zimnik_log_seq (\d+)$/m.exec(text)?.[1]);
}

/** Asks the server to stop while it waits for the body of a request; gives the status of that request's answer. */
async function stopDuringRequest(server: RunningServer): Promise<number> {
  const body = JSON.stringify({ email: 'nobody@example.org', password: 'guessed guess' });
  const asked = begin(`${server.url}/api/sign-in`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      expect: '100-continue'
    }
  });
  asked.flushHeaders();
  await once(asked, 'continue');
  const stopped = server.stop();
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume: () => void }];
  answer.resume();
  await stopped;
  return answer.statusCode;
}
