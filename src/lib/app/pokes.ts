/** Between two tries to listen, ms. */
const retryMs = 10_000;

/**
 * Listens for pokes («there is something new») by a fetch stream, one for each database of this browser: the leader by a
 * Web Lock tells the other tabs through a BroadcastChannel. Only a hint: without it the timer finds the news.
 */
export function listenToPokes(options: {
  readonly fetch: typeof fetch;
  readonly databaseName: string;
  readonly secret: () => Promise<string>;
  readonly onPoke: () => void;
}): () => void {
  const stop = new AbortController();
  const channel = new BroadcastChannel(`pokes ${options.databaseName}`);
  channel.onmessage = () => options.onPoke();

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
      if (!new TextDecoder().decode(value).includes('data:')) continue;
      options.onPoke();
      channel.postMessage('poke');
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

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, retryMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
