import type { App } from '$lib/app/open-app.ts';
import { readPicture } from './queries.ts';

/** The whole picture: from this device, otherwise from the centre; undefined = neither has it now. */
export async function fetchPicture(
  { database, fetch: send }: Pick<App, 'database' | 'fetch'>,
  sha256: string
): Promise<ArrayBuffer | undefined> {
  const here = await readPicture(database, sha256);
  if (here !== undefined) return here;
  const secret = (await database.meta.get('state'))?.secret ?? '';
  try {
    const answer = await send(`/api/attachments/${sha256}`, {
      credentials: 'same-origin',
      headers: { authorization: `Bearer ${secret}` }
    });
    const isPicture = answer.ok && answer.headers.get('content-type') === 'image/jpeg';
    return isPicture ? await answer.arrayBuffer() : undefined;
  } catch (error) {
    console.info('The centre did not give the photo', error);
    return undefined;
  }
}
