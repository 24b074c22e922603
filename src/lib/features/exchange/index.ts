export { correcting } from './correcting.ts';
export { devicePlace } from './device-place.ts';
export { default as FieldNotebook } from './FieldNotebook.svelte';
export { momentWords } from './safety.ts';
export { default as ExchangeScreen } from './ExchangeScreen.svelte';
