import { idBytes, randomBytesToId } from '#domain/ids.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import type { DeviceEnvironment } from '$lib/storage/environment.ts';
import { removeDraft, saveDraft } from '$lib/storage/drafts.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { exchange, type ExchangeResult } from '$lib/sync/exchange.ts';
import { createSyncRunner, type SyncRunner } from '$lib/sync/runner.ts';
import { createHttpPost } from '$lib/sync/transport.ts';

/** The phone as a device of its own: its database for one link, its clock and its exchange. */
export interface SurveyDevice {
  readonly database: DeviceDatabase;
  readonly environment: DeviceEnvironment;
  readonly runner: SyncRunner;
  readonly newId: () => string;
}

/** The user id that operations of a link carry: nobody's. */
export const linkUser = 'link';

const requestTimeoutMs = 60_000;
const probeLength = 50_000;

const environment: DeviceEnvironment = {
  now: () => Date.now(),
  mono: () => performance.now(),
  page: randomBytesToId(crypto.getRandomValues(new Uint8Array(idBytes))),
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length))
};

/**
 * Opens the phone's database for a link; a new one gets a random device id and a secret of 256 bits, which the first
 * exchange registers. Asks no network. Throws when nothing can be stored here.
 */
export async function openSurveyDevice(options: {
  readonly link: string;
  readonly fetch: typeof fetch;
  readonly onExchanged: (result: ExchangeResult) => void;
}): Promise<SurveyDevice> {
  const database = new DeviceDatabase(`zimnik/link-${options.link}`);
  const newId = () => randomBytesToId(environment.randomBytes(idBytes));
  await ensureIdentity(database, {
    device: newId(),
    secret: randomBytesToId(environment.randomBytes(43)),
    role: 'respondent',
    user: linkUser,
    name: '',
    link: options.link
  });
  await tryStorage(database);
  const transport = createHttpPost({
    fetch: options.fetch,
    url: '/api/sync',
    timeoutMs: requestTimeoutMs,
    gzip: compress
  });
  const runner = createSyncRunner({
    exchange: async (limits) => {
      const result = await exchange(database, environment, transport, { build: 'survey', limits });
      options.onExchanged(result);
      return result;
    },
    // Two tabs at once are safe (I27); an old engine may lack Web Locks.
    alone: (cycle) => cycle(),
    now: environment.now,
    random: () => Math.random(),
    setTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    onStatus: () => undefined,
    onError: (error) => console.error(error)
  });
  return { database, environment, runner, newId };
}

/** Writes and removes as much as a questionnaire takes: a full phone is told before the first answer. Throws when it is. */
async function tryStorage(database: DeviceDatabase): Promise<void> {
  const id = 'probe';
  await saveDraft(database, { id, kind: id, updatedAt: 0, content: 'x'.repeat(probeLength) });
  await removeDraft(database, id);
}

/** The browser's own compressor. Where it is missing the small body of a questionnaire goes as it is. */
async function compress(text: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (typeof CompressionStream === 'undefined') return undefined;
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
