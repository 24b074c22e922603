import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const keepAliveMs = 65_000;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** One address for everything that is measured: the page with all clients, our server under `/api`, the peers' servers. */
export async function openOrigin(options: {
  /** By path: the scripts of the pages. */
  readonly scripts: ReadonlyMap<string, string>;
  readonly zimnik: string;
  readonly peers: Handler;
}): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const script = options.scripts.get(path);
    if (path.startsWith('/bench/')) {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(
        `<!doctype html><title>bench</title><link rel="icon" href="data:,"><script src="/${path.slice(7)}.js"></script>`
      );
    } else if (script !== undefined) {
      response.setHeader('content-type', 'text/javascript; charset=utf-8');
      response.end(script);
    } else if (path.startsWith('/api/')) {
      toServer(options.zimnik, request, response);
    } else {
      options.peers(request, response);
    }
  });
  // As our own server: a connection that rests between two exchanges is not made anew.
  server.keepAliveTimeout = keepAliveMs;
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    }
  };
}

function toServer(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers, url = '/' } = incoming;
  const upstream = forward(new URL(url, target), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  upstream.on('error', () => outgoing.destroy());
  outgoing.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}
