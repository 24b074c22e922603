export { default as AboutPage } from './AboutPage.svelte';
export { default as DemoRibbon } from './DemoRibbon.svelte';
