export { projectsOf } from './projects.ts';
export { default as ProjectPage } from './ProjectPage.svelte';
export { peopleAt } from './summary.ts';
export { default as SummaryPage } from './SummaryPage.svelte';
