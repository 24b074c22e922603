export { default as DemoRibbon } from './DemoRibbon.svelte';
