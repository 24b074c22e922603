import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverFlags } from '#scripts/serve.mjs';

const bundle = fileURLToPath(new URL('../dist/server.js', import.meta.url));
const startTimeoutMs = 60_000;
/** The words that tests read of what is printed; a test of the Russian ones asks for them. */
const language = { ZIMNIK_LANGUAGE: 'en' };

export type ServerOptions = {
  /** `demo`: the demonstration centre; `fresh`: an empty server at its first start. */
  readonly mode: 'demo' | 'fresh';
  /** More settings for the server's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Both are given when a stopped server is started again over the same data. */
  readonly port?: number;
  readonly dataDirectory?: string;
  /** What is waited for: that it takes data, or only that it answers, where its disk is troubled on purpose. */
  readonly until?: '/readyz' | '/healthz';
};

export type RunningServer = {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDirectory: string;
  /** Everything it has printed so far. */
  readonly output: () => string;
  /** The addresses it printed, in its order: field worker, activist, coordinator. */
  readonly links: () => readonly string[];
  /** Ends the process and waits for its end. `SIGKILL` is the cut of the power. */
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>;
};

/** Starts the built server on a free port with data of its own, and waits until it is ready. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const port = options.port ?? (await freePort());
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'zimnik-e2e-')));
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, [...serverFlags, bundle], {
    env: {
      ...process.env,
      ...language,
      PORT: String(port),
      ZIMNIK_DATA: dataDirectory,
      ZIMNIK_DEMO: options.mode === 'demo' ? '1' : '',
      ...options.env
    },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, 'close');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;

  await waitUntilReady(url + (options.until ?? '/readyz'), hasEnded, () => printed);
  return {
    url,
    port,
    pid: child.pid ?? 0,
    dataDirectory,
    output: () => printed,
    links: () => printed.match(/https?:\/\/localhost:\d+\/\S*/g) ?? [],
    stop: async (signal = 'SIGTERM') => {
      if (!hasEnded()) child.kill(signal);
      await ended;
    }
  };
}

/** Runs the server's program with a command of its own, as an administrator does, to its end. */
export async function zimnik(
  words: readonly string[],
  env: Readonly<Record<string, string>>
): Promise<{ readonly code: number | null; readonly printed: string }> {
  const child = spawn(process.execPath, [...serverFlags, bundle, ...words], {
    env: { ...process.env, ...language, ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed };
}

/** Removes what a stopped server kept. */
export function removeData(server: RunningServer): Promise<void> {
  return rm(server.dataDirectory, { recursive: true, force: true });
}

async function waitUntilReady(url: string, hasEnded: () => boolean, printed: () => string): Promise<void> {
  const giveUpAt = Date.now() + startTimeoutMs;
  while (Date.now() < giveUpAt) {
    if (hasEnded()) throw new Error(`The server ended before it was ready:\n${printed()}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server was not ready after ${startTimeoutMs} ms:\n${printed()}`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}
