import { expect, test } from './fixtures.ts';
import { surveyPath } from './page-models/survey-link.ts';
import { startServer } from './server.ts';
import { openWebKit, type WebKitBrowser } from './webkit-browser.ts';

let browser: WebKitBrowser;

test.beforeEach(async () => {
  browser = await openWebKit();
});

test.afterEach(async () => {
  await browser.close();
});

/** Words of a questionnaire are parted by hyphens that are seen only at the end of a line. */
const label = (text: string): string => `//label[contains(translate(., '\u00ad', ''), '${text}')]`;
const button = (text: string): string => `//button[normalize-space(.) = '${text}']`;

test('in the engine of Safari a questionnaire is filled in while the server is gone, and delivered when it is back', async ({
  server
}) => {
  const address = server.url + surveyPath(server.links());
  await keptOffline(address);
  await server.stop();

  await browser.goto(address);
  await browser.tap(button('Начать'));
  await browser.type("//input[@id = //label[contains(., 'Начните писать')]/@for]", 'шерк');
  await browser.tap(label('Шеркалы'));
  await browser.tap(button('Дальше'));
  await browser.tap(label('Инициативную группу'));
  await browser.seesText('Сохранено на телефоне');

  // The page is opened anew; still nobody answers.
  await browser.goto(address);
  await browser.tap(button('Продолжить с вопроса 2'));
  await browser.seesText('Инициативную группу');
  let question = await browser.text();
  while (!question.includes('Проверьте ответы')) {
    await browser.tap(button('Дальше'));
    await expect.poll(() => browser.text()).not.toBe(question);
    question = await browser.text();
  }
  await browser.tap(button('Отправить анкету'));
  await browser.seesText('Анкета сохранена на телефоне');

  const again = await startServer({ mode: 'demo', port: server.port, dataDirectory: server.dataDirectory });
  await browser.tap(button('Отправить сейчас'));
  await browser.seesText('Анкета доставлена');
  await again.stop();
});

/** Waits until the worker has taken over and keeps what the page needs without a network. */
async function keptOffline(address: string): Promise<void> {
  await browser.goto(address);
  const path = JSON.stringify(new URL(address).pathname);
  await expect.poll(() => browser.evaluate(`return navigator.serviceWorker.controller !== null`)).toBe(true);
  await expect
    .poll(() => browser.evaluate(`return caches.match(${path}).then((kept) => kept !== undefined)`))
    .toBe(true);
}
