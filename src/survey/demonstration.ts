// What only the demonstration has: a real link never loads it.
export { DemoLink } from '$lib/sync/demo-link.svelte.ts';
export { default as Demonstration } from './Demonstration.svelte';
