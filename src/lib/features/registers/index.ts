export { default as ConsultationsPage } from './ConsultationsPage.svelte';
export { default as NewCardPage } from './NewCardPage.svelte';
export { default as OrganisationPage } from './OrganisationPage.svelte';
export { default as OrganisationsPage } from './OrganisationsPage.svelte';
export { default as PeoplePage } from './PeoplePage.svelte';
export { default as PersonPage } from './PersonPage.svelte';
export { default as SettlementsPage } from './SettlementsPage.svelte';
