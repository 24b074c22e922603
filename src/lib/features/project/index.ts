export { projectsOf } from './projects.ts';
export { default as ProjectPage } from './ProjectPage.svelte';
export { default as SummaryPage } from './SummaryPage.svelte';
