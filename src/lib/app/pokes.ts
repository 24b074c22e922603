import * as v from 'valibot';

/** Between two tries to listen, ms. */
const retryMs = 10_000;

/** The end of the centre's log, as a poke tells it. */
const pokeSchema = v.object({ epoch: v.string(), seq: v.number() });
export type Poke = v.InferOutput<typeof pokeSchema>;

/**
 * Listens for pokes («there is something new») by a fetch stream, one for each database of this browser: the leader by a
 * Web Lock tells the other tabs through a BroadcastChannel. Only a hint: without it the timer finds the news.
 */
export function listenToPokes(options: {
  readonly fetch: typeof fetch;
  readonly databaseName: string;
  readonly secret: () => Promise<string>;
  /** Without a poke = something came that could not be read: there may be news. */
  readonly onPoke: (poke: Poke | undefined) => void;
}): () => void {
  const stop = new AbortController();
  const channel = new BroadcastChannel(`pokes ${options.databaseName}`);
  channel.onmessage = ({ data }) => options.onPoke(readPoke(data));

  const lead = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await readStream().catch(() => undefined);
      await pause(stop.signal);
    }
  };

  async function readStream(): Promise<void> {
    const response = await options.fetch('/api/pokes', {
      headers: { authorization: `Bearer ${await options.secret()}` },
      signal: stop.signal
    });
    if (!response.ok || response.body === null) return;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // Heartbeats are comments («:»); a poke is a `data:` line.
      const told = new TextDecoder().decode(value).split('data:').at(1);
      if (told === undefined) continue;
      options.onPoke(readPoke(told));
      channel.postMessage(told);
    }
  }

  navigator.locks
    .request(`pokes ${options.databaseName}`, { signal: stop.signal }, lead)
    .catch(() => undefined);
  return () => {
    stop.abort();
    channel.close();
  };
}

function readPoke(told: unknown): Poke | undefined {
  try {
    return v.parse(pokeSchema, JSON.parse(v.parse(v.string(), told)));
  } catch {
    // Several pokes in one piece, or half of one.
    return undefined;
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, retryMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
