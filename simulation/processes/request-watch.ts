import type { Socket } from 'node:net';

/** How far a request has come: a part of it was handed to the server, all of it, or its answer has begun. */
export type Moment = 'idle' | 'sending' | 'working' | 'answering';

/** What is known of one connection's request. */
interface Request {
  head: string;
  /** Bytes of the body that are still to come; undefined while the head is not whole. */
  left: number | undefined;
}

/** Reads just enough of HTTP to know how far the request that passes through a link has come. */
export class RequestWatch {
  moment: Moment = 'idle';
  readonly #requests = new Map<Socket, Request>();
  readonly #listeners = new Set<(moment: Moment) => void>();

  /** Bytes of a connection went to the server. */
  up(connection: Socket, bytes: Buffer): void {
    let request = this.#requests.get(connection);
    if (request === undefined || request.left === 0) {
      request = { head: '', left: undefined };
      this.#requests.set(connection, request);
    }
    if (request.left === undefined) {
      request.head += bytes.toString('latin1');
      const end = request.head.indexOf('\r\n\r\n');
      if (end >= 0) {
        const length = Number(/^content-length: *(\d+)/im.exec(request.head)?.[1] ?? 0);
        request.left = Math.max(0, length - (request.head.length - end - 4));
      }
    } else request.left = Math.max(0, request.left - bytes.length);
    this.#tell(request.left === 0 ? 'working' : 'sending');
  }

  /** Bytes of an answer came from the server. */
  down(connection: Socket): void {
    if (this.#requests.has(connection)) this.#tell('answering');
  }

  end(connection: Socket): void {
    if (this.#requests.delete(connection)) this.#tell('idle');
  }

  listen(listener: (moment: Moment) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(moment: Moment): void {
    this.moment = moment;
    this.#listeners.forEach((listener) => listener(moment));
  }
}
