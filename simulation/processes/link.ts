import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { RequestWatch, type Moment } from './request-watch.ts';

/** What a link is like; both directions have the rate each. */
export interface LinkShape {
  readonly roundTripMs: number;
  readonly bytesPerMs: number;
  /** Every connection dies each time so much time has passed. */
  readonly diesEveryMs?: number;
}

export type Way = 'up' | 'down';

/** What happens to the connection that carries the next bytes of a direction. */
export interface LinkFault {
  /** `cut`: both ends are told at once. `half_open`: nothing more comes through, and nobody is told. */
  readonly type: 'cut' | 'half_open';
  readonly way: Way;
  /** So many more bytes of that direction still come through. */
  readonly afterBytes: number;
}

/** A TCP proxy that counts each byte of both directions, heads and bodies, and is as slow and as broken as it is told to be. */
export interface CountingLink {
  readonly url: string;
  readonly bytesUp: () => number;
  readonly bytesDown: () => number;
  readonly reset: () => void;
  /** Undefined = as fast as it goes. */
  readonly shape: (next: LinkShape | undefined) => void;
  /** Strikes once. Undefined = what was told before does not happen any more. */
  readonly fault: (next: LinkFault | undefined) => void;
  /** While on, whoever asks gets a page of somebody else's, as a Wi-Fi asks for a sign-in. */
  readonly portal: (isOn: boolean) => void;
  /** How far the request that is on its way has come. */
  readonly moment: () => Moment;
  /** Told of every change of that; returns how to stop listening. */
  readonly onMoment: (listener: (moment: Moment) => void) => () => void;
  readonly close: () => void;
}

interface ConnectionState {
  readonly client: Socket;
  readonly openedAt: number;
  fault?: LinkFault['type'];
}

/** 2G as in a village: 600 ms there and back, 50 kbit/s each way. */
export const slowLink: LinkShape = { roundTripMs: 600, bytesPerMs: 6.25 };

const pieceBytes = 1_400;
/** What a modem's queue holds of one connection before the sender has to wait, bytes. */
const queueBytes = 32_000;

const page = '<!doctype html><title>Wi-Fi</title><p>Войдите, чтобы пользоваться сетью.';
const portalAnswer = [
  'HTTP/1.1 200 OK',
  'content-type: text/html; charset=utf-8',
  `content-length: ${Buffer.byteLength(page)}`,
  'connection: close',
  '',
  page
].join('\r\n');

/** Opens the proxy before a port of this machine, or before the one that is named for each new connection. */
export async function openLink(target: number | (() => number)): Promise<CountingLink> {
  const count = { up: 0, down: 0 };
  const freeAt = { up: 0, down: 0 };
  const sockets = new Set<Socket>();
  const watch = new RequestWatch();
  let link: LinkShape | undefined;
  let death: NodeJS.Timeout | undefined;
  let fault: (LinkFault & { left: number }) | undefined;
  let isPortal = false;

  const server = createServer((client) => {
    const upstream = connect(typeof target === 'number' ? target : target(), 'localhost');
    // A connection is made by a round trip of its own.
    const state: ConnectionState = { client, openedAt: performance.now() + (link?.roundTripMs ?? 0) };
    const arrived = {
      up: carry(client, upstream, 'up', state),
      down: carry(upstream, client, 'down', state)
    };
    for (const [socket, other, way] of [
      [client, upstream, 'up'],
      [upstream, client, 'down']
    ] as const) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        watch.end(client);
        // Of a connection that is open on one side only, the other side hears nothing.
        if (state.fault === 'half_open') return;
        // What was said before a goodbye still arrives; a cut takes it away.
        if (socket.readableEnded) void arrived[way]().then(() => other.destroy());
        else other.destroy();
      });
    }
  });

  /**
   * Hands bytes on in order, each piece after its share of the rate and half a round trip. Gives how to wait for what is on
   * its way.
   */
  function carry(from: Socket, to: Socket, way: Way, state: ConnectionState): () => Promise<void> {
    let last = Promise.resolve();
    let queued = 0;
    from.on('data', (chunk: Buffer) => {
      if (isPortal && way === 'up') {
        from.end(portalAnswer);
        return;
      }
      queued += chunk.length;
      if (queued > queueBytes) from.pause();
      for (let start = 0; start < chunk.length; start += pieceBytes) {
        const piece = chunk.subarray(start, start + pieceBytes);
        const arrivesAt = book(piece.length, way, state.openedAt);
        last = last.then(async () => {
          const waitMs = arrivesAt - performance.now();
          if (waitMs > 0) await pause(waitMs);
          queued -= piece.length;
          if (queued <= queueBytes) from.resume();
          if (to.destroyed || state.fault !== undefined) return;
          hand(piece, to, way, state);
        });
      }
    });
    from.on('end', () => void last.then(() => (state.fault === undefined ? to.end() : undefined)));
    return () => last;
  }

  function hand(piece: Buffer, to: Socket, way: Way, state: ConnectionState): void {
    const passes = strike(piece, way, state);
    count[way] += passes.length;
    if (passes.length > 0) to.write(passes);
    if (way === 'up') watch.up(state.client, passes);
    else watch.down(state.client);
    if (state.fault === 'cut') to.destroy();
    // What hangs so is not on its way any more.
    if (state.fault === 'half_open') watch.end(state.client);
  }

  /** What of a piece still comes through when the fault that was told strikes in it. */
  function strike(piece: Buffer, way: Way, state: ConnectionState): Buffer {
    if (fault === undefined || fault.way !== way) return piece;
    const { left, type } = fault;
    fault.left -= piece.length;
    if (fault.left > 0) return piece;
    fault = undefined;
    state.fault = type;
    return piece.subarray(0, left);
  }

  function book(bytes: number, way: Way, openedAt: number): number {
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
    fault: (next) => {
      fault = next === undefined ? undefined : { ...next, left: next.afterBytes };
    },
    portal: (isOn) => {
      isPortal = isOn;
    },
    moment: () => watch.moment,
    onMoment: (listener) => watch.listen(listener),
    close: () => {
      clearInterval(death);
      sockets.forEach((socket) => socket.destroy());
      server.close();
    }
  };
}
