import { tick } from 'svelte';

/** Brings the first thing that a form complains of onto the screen, once it is drawn. */
export async function showProblem(): Promise<void> {
  await tick();
  document.querySelector('main [role="alert"]')?.scrollIntoView({ block: 'center' });
}
