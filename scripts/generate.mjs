// Generates what type checks, lint and unit tests need in a clean clone: compiled messages and SvelteKit's types.
import { pathToFileURL } from 'node:url';
import { run, tool } from './run.mjs';

export async function generate() {
  // Imported late: before the packages are installed this file must still load.
  const { compile } = await import('@inlang/paraglide-js');
  const { paraglideOptions } = await import('./paraglide-options.mjs');
  await compile(paraglideOptions);
  const { code, output } = await run(tool('svelte-kit'), ['sync'], { quiet: true });
  if (code !== 0) throw new Error(`svelte-kit sync failed\n${output}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await generate();
  // The message compiler leaves timers behind that would hold this process for half a minute.
  process.exit(0);
}
