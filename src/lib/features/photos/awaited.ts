import * as v from 'valibot';
import type { App } from '$lib/app/open-app.ts';

const answerSchema = v.object({ files: v.array(v.string()) });

/**
 * What records of the centre name and what has not arrived there yet: the centre's own list. Read in a live query it is
 * asked again after each exchange. undefined = the centre cannot be asked now.
 */
export async function readAwaited({
  database,
  fetch: send
}: Pick<App, 'database' | 'fetch'>): Promise<ReadonlySet<string> | undefined> {
  // Changes with every exchange, and a file that arrives makes the centre poke.
  await database.meta.get('state');
  try {
    const answer = await send('/api/awaited-files', { credentials: 'same-origin' });
    if (!answer.ok) return undefined;
    return new Set(v.parse(answerSchema, await answer.json()).files);
  } catch (error) {
    console.info('The centre did not tell what it waits for', error);
    return undefined;
  }
}
