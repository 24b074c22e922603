export { correcting } from './correcting.ts';
export { default as FieldNotebook } from './FieldNotebook.svelte';
export { journalWords } from './journal-words.ts';
export { momentWords } from './safety.ts';
export { default as ExchangeScreen } from './ExchangeScreen.svelte';
export { operationWords, reasonWords } from './operation-words.ts';
export { readNotAccepted, readWaiting, type NotAccepted } from './queries.ts';
export { withdraw } from './withdraw.ts';
