export { eventKindWord, eventReasonWord, eventStateWord } from './event-words.ts';
export { readSchedule } from './queries.ts';
export { default as TodayScreen } from './TodayScreen.svelte';
export { default as EventPage } from './EventPage.svelte';
export { default as NewEventScreen } from './NewEventScreen.svelte';
export { default as UnclosedScreen } from './UnclosedScreen.svelte';
