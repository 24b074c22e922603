import { unbrokenPhone } from '#domain/names/phone.ts';
import { softHyphens } from '#domain/survey/soft-hyphens.ts';
import { textIn } from '#domain/survey/summary.ts';
import { rareTypes, type Localised, type Question } from '#domain/survey/form.ts';
import type { SurveyPageData } from '#domain/survey/page-data.ts';
import { bootGuard } from './boot-guard.ts';
import { jsonScript, markup, raw, type Html } from './markup.ts';
import { surveyIcon } from './survey-icon.ts';
import type { PageFiles, SurveySite } from './survey-site.ts';
import { surveyTexts, type SurveyLanguage } from './survey-texts.ts';

/** The page of a link: readable as it comes, with the intro and the first question; the program takes it over later. */
export function surveyPage(data: SurveyPageData, site: SurveySite, url: string): string {
  const texts = surveyTexts[pageLanguage(data.language)];
  const shown = markup`<h1>${data.campaign.title}</h1>
    ${intro(data)} ${firstQuestion(data)}
    <p class="opening" role="status">${texts.opening}</p>`;
  return programPage(data, site, url, shown);
}

/** What stands on a page of a few words. */
export interface PlainWords {
  readonly title: string;
  readonly text: string;
  readonly phone: string;
}

/** The page of a survey that has ended, readable as it comes; its program still sends what waits on this phone. */
export function endedSurveyPage(
  data: SurveyPageData,
  site: SurveySite,
  url: string,
  words: PlainWords
): string {
  return programPage(data, site, url, plainWords(words));
}

/** What the phone's program gets, in the page and when it asks again: long words parted, the telephone on one line. */
export function programData(data: SurveyPageData): SurveyPageData {
  const { asks, phone } = data.campaign;
  return { ...data, campaign: { ...data.campaign, asks: softHyphens(asks), phone: unbrokenPhone(phone) } };
}

function programPage(data: SurveyPageData, site: SurveySite, url: string, shown: Html): string {
  const texts = surveyTexts[pageLanguage(data.language)];
  const address = `${url}/survey/${encodeURIComponent(data.link)}`;
  const summary = summaryFor(data);
  const given = programData(data);
  const { campaign } = given;
  const body = markup`
    <div id="survey">
      <header><p class="centre">${campaign.asks}</p>${telephone(campaign.phone)}</header>
      <main>${shown}</main>
    </div>
    <p id="survey-old" role="alert" hidden>${texts.oldBrowser} ${telephone(data.campaign.phone)}</p>
    <noscript><p>${texts.noScript} ${telephone(data.campaign.phone)}</p></noscript>
    ${jsonScript('survey-data', given)}`;
  const head = markup`
    <meta name="description" content="${summary}" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="${data.campaign.title}" />
    <meta property="og:description" content="${summary}" />
    <meta property="og:site_name" content="${data.centre.name}" />
    <meta property="og:url" content="${address}" />
    <meta property="og:image" content="${url}/survey-card.png" />
    <meta property="og:image:width" content="1200" />
    <meta property="og:image:height" content="630" />
    ${raw(`<script>${bootGuard}</script>`)}
    ${filesFor(data, site).map(namedInPage)}`;
  return whole(site, data.language, data.campaign.title, head, body);
}

/** A page of a few words for a link that leads nowhere, or no more. */
export function plainSurveyPage(site: SurveySite, language: SurveyLanguage, words: PlainWords): string {
  const head = namedInPage({ ...site.needed, preloads: [], scripts: [] });
  const body = markup`<div id="survey">
    <main>${plainWords(words)}</main>
  </div>`;
  return whole(site, language, words.title, head, body);
}

function plainWords({ title, text, phone }: PlainWords): Html {
  return markup`<h1>${title}</h1>
    <p>${text} ${telephone(phone)}</p>`;
}

/** What a messenger shows under the title: always with who asks and the telephone, so that it can be checked. */
function summaryFor({ campaign }: SurveyPageData): string {
  const { description, asks, phone } = campaign;
  const missing = [asks, phone].filter((words) => words !== '' && !description.includes(words));
  return [description.replace(/[.\s]+$/, ''), ...missing].filter(Boolean).join('. ');
}

export function pageLanguage(language: string): SurveyLanguage {
  return language === 'en' ? 'en' : 'ru';
}

function whole(site: SurveySite, language: string, title: string, head: Html, body: Html): string {
  // The worker keeps the page; a policy that only the server's answer carried would be lost with another server's.
  const policy = raw(
    `<meta http-equiv="content-security-policy" content="${site.policy.replace(/; frame-ancestors [^;]*/, '')}" />`
  );
  return markup`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        ${policy}
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="format-detection" content="telephone=no" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="${surveyIcon}" />
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`.html;
}

function intro({ form, language }: SurveyPageData): readonly Html[] {
  return form.intro.map((paragraph) => markup`<p>${textIn(paragraph, language)}</p>`);
}

/** Named in the page, all of them come with it and are kept for offline with it. */
function filesFor({ form, centre, language }: SurveyPageData, site: SurveySite): readonly PageFiles[] {
  const asksRare = form.parts.some((part) => part.questions.some(({ type }) => rareTypes.has(type)));
  return [
    site.needed,
    site.late[pageLanguage(language)],
    ...(asksRare ? [site.late.rareQuestions] : []),
    ...(centre.demo ? [site.late.demonstration] : [])
  ];
}

function namedInPage({ styles, preloads, scripts }: PageFiles): Html {
  return markup`${styles.map((href) => markup`<link rel="stylesheet" href="${href}" />`)}
    ${preloads.map((href) => markup`<link rel="modulepreload" href="${href}" />`)}
    ${scripts.map((src) => markup`<script type="module" src="${src}"></script>`)}`;
}

/** The first question that everybody is asked, as text: it can be read while the program is on its way. */
function firstQuestion(data: SurveyPageData): Html | undefined {
  const questions = data.form.parts[0]?.questions ?? [];
  const question = questions.find((candidate) => isAskedOfAll(candidate));
  if (question === undefined) return undefined;
  const offered =
    question.type === 'settlement'
      ? []
      : (question.options ?? []).map((option) => inLanguage(option.text, data));
  return markup`<section class="first-question">
    <h2>${inLanguage(question.text, data)}</h2>
    ${question.hint === undefined ? undefined : markup`<p>${inLanguage(question.hint, data)}</p>`}
    ${offered.length === 0 ? undefined : markup`<ul>${offered.map((text) => markup`<li>${text}</li>`)}</ul>`}
  </section>`;
}

function isAskedOfAll(question: Question): boolean {
  return question.calculate === undefined && question.relevant === undefined && question.type !== 'contact';
}

function inLanguage(text: Localised, data: SurveyPageData): string {
  return text[data.language] ?? '';
}

function telephone(phone: string): Html | undefined {
  if (phone === '') return undefined;
  return markup`<a href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>`;
}
