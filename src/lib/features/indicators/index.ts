export { default as ChangeNotice } from './ChangeNotice.svelte';
export { default as IndicatorLine } from './IndicatorLine.svelte';
export { default as IndicatorPage } from './IndicatorPage.svelte';
export { SeenCounts } from './memory.svelte.ts';
export { ofTarget } from './words.ts';
