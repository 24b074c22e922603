export { correcting } from './correcting.ts';
export { default as FieldNotebook } from './FieldNotebook.svelte';
export { journalWords } from './journal-words.ts';
export { momentWords } from './safety.ts';
export { default as ExchangeScreen } from './ExchangeScreen.svelte';
