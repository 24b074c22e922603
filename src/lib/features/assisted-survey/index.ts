export { default as AssistedSurvey } from './AssistedSurvey.svelte';
export { default as SurveyList } from './SurveyList.svelte';
