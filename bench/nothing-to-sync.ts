import type { Figure } from './result.ts';
import { clientNames, type Client } from './wire/clients.ts';
import { withGround } from './ground.ts';
import { makeMarks } from './wire/marks.ts';

const peers: readonly Client[] = ['pouchdb', 'rxdb'];

/**
 * A device that has sent everything asks for news and there are none: requests and all bytes of both ways. Behind TLS and
 * HTTP/2, as the server stands in real use, over a connection that is open; and over HTTP/1.1, where a browser's own heads
 * alone are half a kilobyte a request.
 */
export async function nothingToSync(): Promise<readonly Figure[]> {
  return [...(await ask('nothing to sync', true)), ...(await ask('nothing to sync, HTTP/1.1', false))];
}

async function ask(question: string, secure: boolean): Promise<readonly Figure[]> {
  return withGround(
    async ({ settle }) => {
      const marks = makeMarks(1_000, 1);
      const cost = async (client: Client) => {
        const { exchange } = await settle(client, marks);
        const { requests, bytesUp, bytesDown } = await exchange();
        return { requests, bytes: bytesUp + bytesDown };
      };
      const ours = await cost('zimnik');
      const requests = { question: `${question}, requests`, ours: ours.requests, unit: 'requests' };
      const bytes = { question: `${question}, bytes both ways`, ours: ours.bytes, unit: 'bytes' };
      const figures: Figure[] = [{ ...requests, target: 1 }, secure ? { ...bytes, target: 700 } : bytes];
      for (const client of peers) {
        const theirs = await cost(client);
        const peer = clientNames[client];
        figures.push(
          { ...requests, peer, theirs: theirs.requests },
          { ...bytes, peer, theirs: theirs.bytes }
        );
      }
      return figures;
    },
    { secure }
  );
}
