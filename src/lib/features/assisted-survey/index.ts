export { default as AssistedSurvey } from './AssistedSurvey.svelte';
export { returnedHref } from './recorded.ts';
export { default as SurveyList } from './SurveyList.svelte';
