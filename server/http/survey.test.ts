import { afterEach, beforeEach, expect, test } from 'vitest';
import { needsSurvey } from '#domain/survey/needs-survey.ts';
import { parseSurveyPageData } from '#domain/survey/page-data.ts';
import type { Form } from '#domain/survey/form.ts';
import { introduce } from '#server/access/setup.ts';
import { openTestApp, type TestApp } from '#server/testing-app.ts';

let world: TestApp;

beforeEach(async () => {
  world = await openTestApp();
});

afterEach(async () => {
  await world.close();
});

const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;

async function openCampaign(
  set: Readonly<Record<string, unknown>>,
  asked: Form = needsSurvey
): Promise<void> {
  const { user } = await world.signIn('administrator');
  const by = { id: user, name: 'Анна', email: '', role: 'administrator' } as const;
  const form = `${asked.id}~${asked.version}`;
  await introduce({ ...world.centre.deps, service: world.centre.service }, by, [
    {
      e: 'centre',
      k: 'centre',
      set: { name: 'Центр «Обь»', timeZone: 'Asia/Yekaterinburg', phone: '+7 900 000-00-00' }
    },
    { e: 'form', k: form, set: { form: asked.id, version: asked.version, definition: { ...asked } } },
    {
      e: 'campaign',
      k: 'now',
      set: { title: 'Опрос', form, version: asked.version, state: 'open', link: 'kedr', ...set }
    }
  ]);
}

async function page(path = '/survey/kedr') {
  const answer = await world.send('GET', path);
  const html = await answer.text();
  const json = /<script type="application\/json" id="survey-data">(.*?)<\/script>/s.exec(html)?.[1];
  const data = json === undefined ? undefined : parseSurveyPageData(JSON.parse(json));
  return { answer, html, data: data?.ok === true ? data.value : undefined };
}

function meta(html: string, property: string): string | undefined {
  return new RegExp(`<meta property="${property}" content="([^"]*)"`).exec(html)?.[1];
}

test('a messenger is told who asks and the telephone, whatever the coordinator has written', async () => {
  await openCampaign({ description: 'Пять минут.', asks: 'Ресурсный центр', phone: '89001112233' });
  const { html } = await page();
  expect(meta(html, 'og:title')).toBe('Опрос');
  expect(meta(html, 'og:description')).toBe('Пять минут. Ресурсный центр. +7\u00a0(900)\u00a0111-22-33');
  expect(meta(html, 'og:site_name')).toBe('Центр «Обь»');
  expect(meta(html, 'og:image')).toBe('http://localhost:4141/survey-card.png');
  expect(meta(html, 'og:url')).toBe('http://localhost:4141/survey/kedr');
  expect(html).toContain('<a href="tel:+79001112233">');
  expect(html).not.toContain('rare.1.js');
});

test('no word of a campaign becomes a tag, an attribute or a script', async () => {
  await openCampaign({
    title: hostile,
    description: hostile,
    asks: hostile,
    phone: hostile,
    contactName: hostile,
    resultsNote: hostile,
    doneNote: hostile
  });
  const { html, data } = await page();
  const [head = '', ...rest] = html.split('<script type="application/json"');
  expect(rest).toHaveLength(1);
  expect(html).not.toContain('<script>alert');
  expect(html).not.toContain('<img');
  expect(head).not.toMatch(/content="[^"]*>/);
  expect(data?.campaign.title).toBe(hostile);
  expect(data?.campaign.doneNote).toBe(hostile);
});

test('the secret leaves in no referrer, and only this host may run or load anything', async () => {
  await openCampaign({});
  const { answer, html } = await page();
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  // Headers get lost where a page is kept as a file: it carries the policy itself.
  const own = /<meta http-equiv="content-security-policy" content="([^"]+)"/.exec(html)?.[1];
  expect(own?.replaceAll('&#39;', "'")).toBe(policy.replace("; frame-ancestors 'none'", ''));
  expect(answer.headers.get('cache-control')).toBe('no-cache');
});

test('a language of the form is served whole, an unknown one is the first', async () => {
  await openCampaign({ asks: 'Ob centre' });
  const english = await page('/survey/kedr?lang=en');
  expect(english.html).toContain('<html lang="en">');
  expect(JSON.stringify(english.data?.form)).not.toMatch(/[а-яё]/i);
  expect(english.data?.languages).toEqual(['ru', 'en']);
  expect((await page('/survey/kedr?lang=fi')).data?.language).toBe('ru');
  expect((await page(`/survey/kedr?lang=${encodeURIComponent('"><b>')}`)).data?.language).toBe('ru');
});

test('the title of the form is in the language of the page, a title of the coordinator’s own in theirs', async () => {
  await openCampaign({ title: needsSurvey.title['ru'] });
  expect((await page()).data?.campaign.title).toBe(needsSurvey.title['ru']);
  const english = await page('/survey/kedr?lang=en');
  expect(english.data?.campaign.title).toBe(needsSurvey.title['en']);
  expect(meta(english.html, 'og:title')).toBe(needsSurvey.title['en']);
});

test('what the coordinator left empty leaves no hole in the words before the questionnaire', async () => {
  await openCampaign({ asks: 'Центр', phone: '89001112233' });
  const { html } = await page();
  expect(html).toContain('<p>Спрашивает Центр. ');
  expect(html).toContain('<p>Вопросы: +7\u00a0(900)\u00a0111\u201122\u201133.</p>');
  expect(html).not.toContain('<p>Итоги покажем');
});

test('what rare questions need is named only by the page of a form that asks them', async () => {
  const withPlace: Form = {
    ...needsSurvey,
    id: 'places',
    parts: [
      {
        id: 'only',
        title: { ru: 'Место', en: 'Place' },
        questions: [{ id: 'q', type: 'geopoint', text: { ru: 'Где?', en: 'Where?' } }]
      }
    ]
  };
  await openCampaign({}, withPlace);
  expect((await page()).html).toContain('<link rel="modulepreload" href="/survey/assets/rare.1.js" />');
});

test('an ended survey says so without scripts, and its program can still send what waits on the phone', async () => {
  await openCampaign({ state: 'closed', phone: '+7 900 111-22-33' });
  const closed = await page();
  expect(closed.answer.status).toBe(410);
  expect(closed.html).toContain('<h1>Опрос закончен</h1>');
  expect(closed.html).toContain('href="tel:+79001112233"');
  expect(closed.html).not.toContain('Какая помощь нужна вашему селу?</h1>');
  expect(closed.data?.campaign.isClosed).toBe(true);
});

test('a draft and an unknown link are one and the same to whoever guesses', async () => {
  await openCampaign({ state: 'draft' });
  const draft = await page();
  const unknown = await page('/survey/guessed');
  expect([draft.answer.status, unknown.answer.status]).toEqual([404, 404]);
  expect(draft.html).toBe(unknown.html);
  expect(draft.html).toContain('href="tel:+79000000000"');
});

test('the short address of a poster leads to the page', async () => {
  const answer = await world.send('GET', '/s/kedr%2Fx');
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/survey/kedr%2Fx']);
});
