import { Hono } from 'hono';
import { isOffice } from '#domain/sync/scope.ts';
import type { ServerStorage } from '#server/storage/server-storage.ts';
import type { Hashing } from '#server/sync/hashing.ts';
import type { Poke, Pokes } from '#server/sync/pokes.ts';
import { bearerOf } from './bearer.ts';

export interface PokeRouteDeps {
  readonly storage: ServerStorage;
  readonly centre: string;
  readonly hashing: Hashing;
  readonly pokes: Pokes;
  /** Ends every open stream when the server stops. */
  readonly shutdown: AbortSignal;
  /** Between two signs of life, ms; 25 s unless told. */
  readonly heartbeatMs?: number;
  /** Open streams at once; 500 unless told. */
  readonly maxConnections?: number;
}

/** `GET /api/pokes`: server-sent events that carry only the head of the log; mount at the root. */
export function pokeRoutes(deps: PokeRouteDeps): Hono {
  const routes = new Hono();
  let open = 0;
  routes.get('/api/pokes', async (c) => {
    const secret = bearerOf(c.req.raw);
    const state = await deps.storage.readSnapshot(async (snapshot) => ({
      centre: await snapshot.centre(deps.centre),
      device:
        secret === undefined
          ? undefined
          : await snapshot.deviceBySecret(deps.centre, deps.hashing.sha256(secret))
    }));
    const { centre, device } = state;
    const welcome = device !== undefined && device.revokedAt === null;
    if (centre === undefined || !welcome) return c.body(null, 401);
    // A respondent has nothing to wait for; office and field devices are few and known.
    if (!isOffice(device.role) && device.role !== 'field') return c.body(null, 403);
    if (open >= (deps.maxConnections ?? 500) || deps.shutdown.aborted)
      return c.body(null, 503, { 'retry-after': '60' });
    open++;
    const stream = pokeStream(deps, centre, c.req.raw.signal, () => {
      open--;
    });
    return c.body(stream, 200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no'
    });
  });
  return routes;
}

/** Begins with the present head, so that nothing committed before the stream opened is missed. */
function pokeStream(
  deps: PokeRouteDeps,
  head: Poke,
  closed: AbortSignal,
  onEnd: () => void
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let end: () => void = () => undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string): void => {
        // A reader that does not read gets no more: the next poke or heartbeat carries everything that it needs.
        if ((controller.desiredSize ?? 0) > -64) controller.enqueue(encoder.encode(text));
      };
      const poke = ({ epoch, seq }: Poke): void => {
        send(`event: head\ndata: ${JSON.stringify({ epoch, seq })}\n\n`);
      };
      const stop = deps.pokes.subscribe(poke);
      const heartbeat = setInterval(() => {
        send(': alive\n\n');
      }, deps.heartbeatMs ?? 25_000);
      let ended = false;
      const finish = (): void => {
        if (ended) return;
        ended = true;
        stop();
        clearInterval(heartbeat);
        deps.shutdown.removeEventListener('abort', close);
        onEnd();
      };
      const close = (): void => {
        if (ended) return;
        finish();
        controller.close();
      };
      end = finish;
      deps.shutdown.addEventListener('abort', close);
      closed.addEventListener('abort', close);
      poke(head);
    },
    cancel() {
      end();
    }
  });
}
