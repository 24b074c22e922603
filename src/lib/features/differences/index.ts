export { default as DifferenceCard } from './DifferenceCard.svelte';
export { default as DifferencesPage } from './DifferencesPage.svelte';
export { openConflicts } from './queries.ts';
export { conflictName } from './words.ts';
