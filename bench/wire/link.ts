import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What a link is like; both directions have the rate each. */
export interface LinkShape {
  readonly roundTripMs: number;
  readonly bytesPerMs: number;
  /** Every connection dies each time so much time has passed. */
  readonly diesEveryMs?: number;
}

/** A TCP proxy that counts each byte of both directions, heads and bodies, and is as slow as it is told to be. */
export interface CountingLink {
  readonly url: string;
  readonly bytesUp: () => number;
  readonly bytesDown: () => number;
  readonly reset: () => void;
  /** Undefined = as fast as it goes. */
  readonly shape: (next: LinkShape | undefined) => void;
  readonly close: () => void;
}

/** 2G as in a village: 600 ms there and back, 50 kbit/s each way. */
export const slowLink: LinkShape = { roundTripMs: 600, bytesPerMs: 6.25 };

const pieceBytes = 1_400;
/** What a modem's queue holds of one connection before the sender has to wait, bytes. */
const queueBytes = 32_000;

/** Opens the proxy before a port of this machine. */
export async function openLink(targetPort: number): Promise<CountingLink> {
  const count = { up: 0, down: 0 };
  const freeAt = { up: 0, down: 0 };
  const sockets = new Set<Socket>();
  let link: LinkShape | undefined;
  let death: NodeJS.Timeout | undefined;

  const server = createServer((client) => {
    const upstream = connect(targetPort, 'localhost');
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    // A connection is made by a round trip of its own.
    const openedAt = performance.now() + (link?.roundTripMs ?? 0);
    carry(client, upstream, 'up', openedAt);
    carry(upstream, client, 'down', openedAt);
  });

  /** Hands bytes on in order, each piece after its share of the rate and half a round trip. */
  function carry(from: Socket, to: Socket, way: 'up' | 'down', openedAt: number): void {
    let last = Promise.resolve();
    let queued = 0;
    from.on('data', (chunk: Buffer) => {
      queued += chunk.length;
      if (queued > queueBytes) from.pause();
      for (let start = 0; start < chunk.length; start += pieceBytes) {
        const piece = chunk.subarray(start, start + pieceBytes);
        const arrivesAt = book(piece.length, way, openedAt);
        last = last.then(async () => {
          const waitMs = arrivesAt - performance.now();
          if (waitMs > 0) await pause(waitMs);
          queued -= piece.length;
          if (to.destroyed) return;
          count[way] += piece.length;
          to.write(piece);
          if (queued <= queueBytes) from.resume();
        });
      }
    });
    from.on('end', () => void last.then(() => to.end()));
  }

  function book(bytes: number, way: 'up' | 'down', openedAt: number): number {
    if (link === undefined) return 0;
    freeAt[way] = Math.max(freeAt[way], performance.now(), openedAt) + bytes / link.bytesPerMs;
    return freeAt[way] + link.roundTripMs / 2;
  }

  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    bytesUp: () => count.up,
    bytesDown: () => count.down,
    reset: () => {
      count.up = 0;
      count.down = 0;
    },
    shape: (next) => {
      link = next;
      freeAt.up = 0;
      freeAt.down = 0;
      clearInterval(death);
      if (next?.diesEveryMs !== undefined)
        death = setInterval(() => sockets.forEach((socket) => socket.destroy()), next.diesEveryMs);
    },
    close: () => {
      clearInterval(death);
      sockets.forEach((socket) => socket.destroy());
      server.close();
    }
  };
}
