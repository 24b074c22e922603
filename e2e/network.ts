import {
  createServer,
  request as forward,
  type ClientRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const portalPage = '<!doctype html><title>Wi-Fi</title><p>Войдите, чтобы пользоваться сетью.';

/** Bytes are handed on in pieces of this size. */
const pieceBytes = 1_400;

/** A proxy between the browser and the server that counts, and can be cut: the real network of a journey. */
export interface Network {
  readonly url: string;
  /** Requests since the last reset. */
  readonly requests: () => readonly string[];
  /** Bytes of answers, heads and bodies as sent on the wire with gzip, since the last reset. */
  readonly bytesDown: () => number;
  readonly reset: () => void;
  /** Slows answers down to a link's round trip and rate; undefined = as fast as it goes. */
  readonly shape: (link: Link | undefined) => void;
  /** While cut, every connection is destroyed at once. */
  readonly cut: (isCut: boolean) => void;
  /** While on, every request is answered with a page of somebody else's, as a Wi-Fi asks for a sign-in. */
  readonly portal: (isOn: boolean) => void;
  /**
   * Holds the next request of this method and path (`POST /api/sync`) at a moment, lets `act` happen and destroys the
   * connection: the browser gets no answer. Resolves when that is done.
   */
  readonly interrupt: (request: string, moment: Moment, act?: () => Promise<void>) => Promise<void>;
  /** Destroys every connection once this many more bytes were handed on, as many times as told; then the link holds. */
  readonly dropAfter: (bytes: number, times?: number) => void;
  /** Resolves when the next such drop has happened. */
  readonly dropped: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * How far a request came before it was interrupted: half of its body has gone to the server, all of it, or the server has
 * answered and the answer is lost.
 */
export type Moment = 'half_sent' | 'sent' | 'answered';

/** A slow link: each request waits a round trip, and all answers together share the rate. */
export interface Link {
  readonly roundTripMs: number;
  readonly bytesPerMs: number;
}

/** 2G as in a village: 600 ms there and back, 50 kbit/s. */
export const link2g: Link = { roundTripMs: 600, bytesPerMs: 6.25 };

/** Opens a proxy before a server on this machine. Browsers are made to take gzip, the encoding that budgets are counted in. */
export async function openNetwork(target: string): Promise<Network> {
  let requests: string[] = [];
  let bytesDown = 0;
  let isCut = false;
  let isPortal = false;
  let link: Link | undefined;
  /** When the link is free again, ms on the monotonic clock. */
  let freeAt = 0;
  let drop: { readonly every: number; left: number; times: number } | undefined;
  let onDrop: (() => void)[] = [];
  let interruption: ((incoming: IncomingMessage) => Promise<void>) | undefined;
  let interrupted = '';
  const server: Server = createServer((incoming, outgoing) => {
    if (isCut) {
      incoming.socket.destroy();
      return;
    }
    if (isPortal) {
      outgoing.writeHead(200, { 'content-type': 'text/html' }).end(portalPage);
      return;
    }
    const request = `${incoming.method} ${incoming.url}`;
    requests.push(request);
    if (interruption !== undefined && request === interrupted) {
      void interruption(incoming);
      interruption = undefined;
      return;
    }
    const upstream = toServer(incoming, (answer) => {
      const head = answer.rawHeaders.reduce((sum, part) => sum + part.length + 2, 20);
      bytesDown += head;
      void pass(answer, outgoing, head);
    });
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });

  function toServer(incoming: IncomingMessage, onAnswer: (answer: IncomingMessage) => void): ClientRequest {
    const headers = { ...incoming.headers, 'accept-encoding': 'gzip' };
    return forward(new URL(incoming.url ?? '/', target), { method: incoming.method, headers }, onAnswer);
  }

  async function holdAt(moment: Moment, incoming: IncomingMessage, act: () => Promise<void>): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const upstream = await new Promise<ClientRequest>((reached) => {
      const made = toServer(incoming, (answer) =>
        answer.resume().on('end', () => {
          if (moment === 'answered') reached(made);
        })
      );
      // The server may be ended by `act`: that the connection to it breaks is what was wanted.
      made.on('error', () => undefined);
      const written = (): void => {
        if (moment !== 'answered') reached(made);
      };
      if (moment === 'half_sent') made.write(body.subarray(0, body.length / 2), written);
      else made.end(body, written);
    });
    await act();
    upstream.destroy();
    incoming.socket.destroy();
  }

  /** Hands an answer on at the rate of the link, which all answers share. */
  async function pass(answer: IncomingMessage, outgoing: ServerResponse, head: number): Promise<void> {
    if (link !== undefined) await pause(link.roundTripMs + take(head));
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    try {
      for await (const part of answer) {
        const chunk = part as Buffer;
        for (let start = 0; start < chunk.length; start += pieceBytes) {
          const piece = chunk.subarray(start, start + pieceBytes);
          bytesDown += piece.length;
          if (isDropped(piece.length)) {
            // The part that came through comes through: what follows never does.
            outgoing.socket?.end(() => server.closeAllConnections());
            return;
          }
          if (link !== undefined) await pause(take(piece.length));
          outgoing.write(piece);
        }
      }
      outgoing.end();
    } catch {
      // The server or the cut ended the answer in the middle: so does the proxy.
      outgoing.destroy();
    }
  }

  /** Counts bytes towards the next drop; true = it is now. */
  function isDropped(bytes: number): boolean {
    if (drop === undefined) return false;
    drop.left -= bytes;
    if (drop.left > 0) return false;
    drop.times -= 1;
    drop.left = drop.every;
    if (drop.times === 0) drop = undefined;
    onDrop.forEach((tell) => tell());
    onDrop = [];
    return true;
  }

  /** Books bytes on the shared link; gives how long they take from now, ms. */
  function take(bytes: number): number {
    if (link === undefined) return 0;
    const now = performance.now();
    freeAt = Math.max(freeAt, now) + bytes / link.bytesPerMs;
    return freeAt - now;
  }

  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    requests: () => requests,
    bytesDown: () => bytesDown,
    reset: () => {
      requests = [];
      bytesDown = 0;
    },
    shape: (next) => {
      link = next;
    },
    cut: (next) => {
      isCut = next;
      if (next) server.closeAllConnections();
    },
    portal: (next) => {
      isPortal = next;
    },
    interrupt: (request, moment, act = () => Promise.resolve()) =>
      new Promise((resolve, reject) => {
        interrupted = request;
        interruption = (incoming) => holdAt(moment, incoming, act).then(resolve, reject);
      }),
    dropAfter: (bytes, times = 1) => {
      drop = { every: bytes, left: bytes, times };
    },
    dropped: () => (drop === undefined ? Promise.resolve() : new Promise((resolve) => onDrop.push(resolve))),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}
