export { default as LookAlikesPage } from './LookAlikesPage.svelte';
export { default as PairCard } from './PairCard.svelte';
export { undecidedPairs, type Pair } from './queries.ts';
