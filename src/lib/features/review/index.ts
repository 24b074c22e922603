export { useBoard } from './board.svelte.ts';
export { channelWord, serviceWord } from './consultation-words.ts';
export { stateWord, toFilter } from './entries.ts';
export { default as History } from './History.svelte';
export { default as InboxPage } from './InboxPage.svelte';
export { default as ReviewedDesk } from './ReviewedDesk.svelte';
export { default as ReviewedPage } from './ReviewedPage.svelte';
