export { default as EventPage } from './EventPage.svelte';
export { default as EventsPage } from './EventsPage.svelte';
export { default as NewEventPage } from './NewEventPage.svelte';
export { subjectOptions } from './subject-words.ts';
