import { gunzipSync } from 'node:zlib';
import { weighted, type Random } from './random.ts';
import type { ServerNode } from './server-node.ts';
import type { Trace } from './trace.ts';

/** What becomes of one request. */
export type Outcome =
  | 'ok'
  | 'request_lost'
  | 'answer_lost'
  | 'answer_cut'
  | 'request_cut'
  | 'portal'
  | 'bad_gateway'
  /** The client gives up; the request reaches the server later all the same. */
  | 'timed_out'
  /** The request reaches the server a second time, later. */
  | 'repeated';

type Packet = Pick<Flight, 'url' | 'headers' | 'body' | 'from' | 'sentAt'>;

/** One request on its way. */
export interface Flight {
  readonly sentAt: number;
  /** The place it comes from. */
  readonly from: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly outcome: Outcome;
  answer: Response | undefined;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: Error) => void;
}

const portalPage = '<!doctype html><title>Wi-Fi</title><p>Войдите, чтобы пользоваться сетью.';

/** Carries requests one step at a time, in the order that the schedule draws. */
export class Network {
  readonly #random: Random;
  readonly #server: ServerNode;
  readonly #trace: Trace;
  /** Requests that their senders no longer wait for. */
  readonly strays: Packet[] = [];
  /** The longest that a request was on its way, ms. */
  slowest = 0;
  readonly #now: () => number;
  /** 0 = everything arrives. */
  trouble = 0;

  constructor(random: Random, server: ServerNode, trace: Trace, now: () => number) {
    this.#now = now;
    this.#random = random;
    this.#server = server;
    this.#trace = trace;
  }

  /** A `fetch` for one place; `opened` is told of every request. */
  fetchOf(place: string, opened: (flight: Flight) => void, signedIn: () => string | undefined): typeof fetch {
    return (url, init) =>
      new Promise((resolve, reject) => {
        const headers: Record<string, string> = Object.fromEntries(new Headers(init?.headers));
        const user = signedIn();
        if (user !== undefined) headers['x-signed-in'] = user;
        if (this.#random.chance(0.15)) headers['accept-encoding'] = 'gzip';
        const given = init?.body;
        const body = typeof given === 'string' || given instanceof Uint8Array ? given : '';
        opened({
          sentAt: this.#now(),
          from: place,
          url: url instanceof Request ? url.url : url.toString(),
          headers,
          body: typeof body === 'string' ? body : new Uint8Array(body),
          outcome: this.#draw(),
          answer: undefined,
          resolve,
          reject
        });
      });
  }

  #draw(): Outcome {
    if (!this.#random.chance(this.trouble)) return 'ok';
    return weighted<Outcome>(this.#random, [
      [3, 'request_lost'],
      [4, 'answer_lost'],
      [1, 'answer_cut'],
      [1, 'request_cut'],
      [2, 'portal'],
      [1, 'bad_gateway'],
      [3, 'timed_out'],
      [3, 'repeated']
    ]);
  }

  /** Moves a flight on; true = its sender has been answered or left alone. */
  async step(flight: Flight): Promise<boolean> {
    if (flight.answer !== undefined) {
      await this.#land(flight, flight.answer);
      return true;
    }
    switch (flight.outcome) {
      case 'request_lost':
        flight.reject(new TypeError('network'));
        return true;
      case 'timed_out':
        this.strays.push(flight);
        flight.reject(new DOMException('timed out', 'AbortError'));
        return true;
      case 'portal':
        flight.resolve(new Response(portalPage, { headers: { 'content-type': 'text/html' } }));
        return true;
      case 'bad_gateway':
        flight.resolve(new Response('<h1>502</h1>', { status: 502 }));
        return true;
      case 'request_cut':
        flight.answer = await this.#carry({ ...flight, body: flight.body.slice(0, flight.body.length >> 1) });
        return false;
      case 'repeated':
        this.strays.push(flight);
        break;
      default:
    }
    flight.answer = await this.#carry(flight);
    return false;
  }

  async #land(flight: Flight, answer: Response): Promise<void> {
    if (flight.outcome === 'answer_lost') return flight.reject(new TypeError('network'));
    const headers = { 'content-type': answer.headers.get('content-type') ?? '' };
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const text = answer.headers.get('content-encoding') === 'gzip' ? gunzipSync(bytes) : bytes;
    const body = flight.outcome === 'answer_cut' ? text.slice(0, text.length >> 1) : text;
    flight.resolve(new Response(new Uint8Array(body), { status: answer.status, headers }));
  }

  /** Brings a request that nobody waits for any more. */
  async deliverStray(index: number): Promise<void> {
    const [packet] = this.strays.splice(index, 1);
    if (packet !== undefined) await this.#carry(packet);
  }

  async #carry(packet: Packet): Promise<Response> {
    this.slowest = Math.max(this.slowest, this.#now() - packet.sentAt);
    const { headers, body } = packet;
    const request = new Request(packet.url, { method: 'POST', headers, body });
    const response = await this.#server.handle(request);
    this.#trace.note(`  server ${packet.from} ${response === undefined ? 'crashed' : response.status}`);
    return response ?? new Response('<h1>502</h1>', { status: 502 });
  }
}
