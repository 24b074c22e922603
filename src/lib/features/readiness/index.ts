export { default as ReadyScreen } from './ReadyScreen.svelte';
