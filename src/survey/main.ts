import './old-browsers.ts';
import { mount } from 'svelte';
import { parseSurveyPageData } from '#domain/survey/page-data.ts';
import '$lib/ui/tokens.css';
import '$lib/ui/base.css';
import './survey.css';
import { applyTheme } from '$lib/ui/theme.ts';
import { startSurveyPage } from './start-survey-page.ts';
import { useLanguage } from './words.ts';

applyTheme();

const target = document.getElementById('survey');
const embedded = document.getElementById('survey-data');

if (target !== null && embedded !== null) {
  const data = parseSurveyPageData(JSON.parse(embedded.textContent ?? ''));
  if (!data.ok) throw new Error('The data of this page cannot be read');
  const page = data.value;
  void useLanguage(page.language === 'en' ? 'en' : 'ru').then(() => startSurveyPage(mount, target, page));
}

// The worker makes the page open without a connection from now on. Missing on an insecure origin.
if ('serviceWorker' in navigator) {
  addEventListener('load', () => {
    navigator.serviceWorker
      .register('/survey/worker.js', { scope: '/survey/' })
      .then(() => navigator.serviceWorker.ready)
      .then((registration) => registration.active?.postMessage(location.href))
      .catch(console.warn);
  });
}
