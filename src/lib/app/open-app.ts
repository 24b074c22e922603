import { idBytes, randomBytesToId } from '#domain/ids.ts';
import { DeviceDatabase, type DeviceState } from '$lib/storage/database.ts';
import type { DeviceEnvironment } from '$lib/storage/environment.ts';
import { whenRead } from '$lib/storage/first-readings.ts';
import { forgetRetained } from '$lib/storage/retention.ts';
import {
  requireState,
  write,
  type AnyChange,
  type WriteReceipt,
  type WriteRequest
} from '$lib/storage/write.ts';
import { createAttachmentTransport, offerFilesAgain, sendAttachments } from '$lib/sync/attachments.ts';
import { createUploadRunner } from '$lib/sync/upload-runner.ts';
import { createUploadTransport, firstPart, sendUploads, type PartSize } from '$lib/sync/uploads.ts';
import { keepCourierKeys } from '$lib/sync/courier-keys.ts';
import { exchange } from '$lib/sync/exchange.ts';
import { createSyncRunner, type SyncRunner } from '$lib/sync/runner.ts';
import { SyncStatus } from '$lib/sync/sync-status.svelte.ts';
import { createPackedTransport } from '$lib/sync/packing.ts';
import { createHttpPost } from '$lib/sync/transport.ts';
import { runAlone } from './alone.ts';
import { DemoLink } from '$lib/sync/demo-link.svelte.ts';
import { watchDemoRestart, type DemoRestart } from '$lib/sync/demo-restart.ts';
import { markDatabase } from './canary.ts';
import { gzip } from './gzip.ts';
import { createCourier, type Courier } from './courier.ts';
import { deviceHealth, isSpaceShort } from './health.ts';
import { listenToPokes, type Poke } from './pokes.ts';
import { RestingHand } from './resting-hand.ts';

/** Everything a screen may use of this device, handed down by context. */
export interface App {
  readonly database: DeviceDatabase;
  readonly device: DeviceState;
  /** Version of the program. */
  readonly build: string;
  readonly sync: SyncStatus;
  readonly runner: SyncRunner;
  readonly demoLink: DemoLink;
  /** Follows «Начать заново» of the demonstration; `onrestart` is called before this page leaves for the new one. */
  readonly watchDemo: (onrestart: () => void) => DemoRestart;
  /** Stores what a person did; resolves when it is safe on this device. */
  readonly write: (
    changes: readonly AnyChange[],
    options?: Omit<WriteRequest, 'by' | 'changes'>
  ) => Promise<WriteReceipt>;
  /** A new random record id. */
  readonly newId: () => string;
  readonly courier: Courier;
  /** Device clock corrected by the last exchange, UTC ms; a clock that fell back stands at that exchange. */
  readonly now: () => number;
  /** A `fetch` that obeys the demonstration's switch; for everything that is not the exchange. */
  readonly fetch: typeof fetch;
  /** Aborted when the app is closed: for what lives as long as it does. */
  readonly closing: AbortSignal;
  readonly close: () => void;
}

const requestTimeoutMs = 60_000;

/**
 * Opens the local database of an enrolled principal and starts the exchange. Asks no network. Throws when the storage is
 * unusable, which the top screen tells before any data is entered.
 */
export async function openApp(options: {
  readonly databaseName: string;
  readonly build: string;
  readonly onError: (error: unknown) => void;
}): Promise<App | undefined> {
  const database = new DeviceDatabase(options.databaseName);
  const device = await database.meta.get('state');
  if (device === undefined) {
    database.close();
    return undefined;
  }
  const environment: DeviceEnvironment = {
    now: () => Date.now(),
    mono: () => performance.now(),
    page: randomBytesToId(crypto.getRandomValues(new Uint8Array(idBytes))),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length))
  };
  const surface = device.role === 'field' ? 'field' : 'office';
  const demoLink = new DemoLink(localStorage, surface);
  const send = demoLink.wrap((input, init) => fetch(input, init));
  const sync = new SyncStatus(database);
  const post = createHttpPost({ fetch: send, url: '/api/sync', timeoutMs: requestTimeoutMs, gzip });
  const transport = createPackedTransport(post, database, () => performance.now());
  const drawings = createAttachmentTransport(send);
  const pictures = createUploadTransport(send, requestTimeoutMs);
  const partSize: PartSize = { bytes: firstPart };
  const hand = new RestingHand();
  const uploads = createUploadRunner({
    send: () => sendUploads(database, pictures, environment.mono, partSize),
    alone: (round) => runAlone(`files ${options.databaseName}`, round),
    random: () => Math.random(),
    setTimer: hand.setTimer,
    onResult: (result) => sync.noteFiles(result),
    onError: options.onError
  });
  /** For how many restores of the centre files were offered again since this page began. */
  let filesOfEra = 0;
  const leaveMark = async (): Promise<void> => {
    if (!database.isOpen()) return;
    const waiting = await database.outbox.count();
    const { exchangedAt } = await requireState(database);
    markDatabase(localStorage, surface, { waiting, exchangedAt });
  };
  let exchanging: Promise<void> = Promise.resolve();
  const runner = createSyncRunner({
    exchange: async (limits) => {
      const { journal } = await requireState(database);
      const reloads = journal.filter(({ event }) => event === 'reloaded').length;
      const health = { ...(await deviceHealth(surface)), ...(reloads === 0 ? {} : { reloads }) };
      const result = await exchange(database, environment, transport, {
        build: options.build,
        limits,
        health
      });
      // Bytes go after the operations that name them.
      if (result.type === 'done' && !result.more) {
        filesOfEra = await offerFilesAgain(database, filesOfEra);
        await sendAttachments(database, drawings, (await requireState(database)).secret);
        if (surface === 'field') await keepCourierKeys(database, send);
        uploads.kick();
      }
      return result;
    },
    alone: (cycle) => {
      const turn = runAlone(`exchange ${options.databaseName}`, cycle);
      exchanging = turn.then(
        () => undefined,
        () => undefined
      );
      return turn;
    },
    now: environment.now,
    random: () => Math.random(),
    setTimer: hand.setTimer,
    onStatus: (status) => {
      sync.note(status);
      if (status.type !== 'sending') void leaveMark().catch(options.onError);
    },
    onError: options.onError
  });

  const wake = (): void => void runner.now();
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') wake();
  };
  addEventListener('online', wake);
  document.addEventListener('visibilitychange', onVisible);
  /**
   * Listening begins with the present end of the log, and own work moves it too. A desk is also poked by photos, which move no
   * end.
   */
  const onPoke = async (poke: Poke | undefined): Promise<void> => {
    await exchanging;
    const state = closing.signal.aborted ? undefined : await database.meta.get('state');
    const isKnown = poke !== undefined && poke.epoch === state?.epoch && poke.seq <= (state.head?.[0] ?? -1);
    if (surface === 'office' || !isKnown) wake();
  };
  let stopPokes = (): void => undefined;
  const closing = new AbortController();
  const begin = async (): Promise<void> => {
    await whenRead();
    if (closing.signal.aborted) return;
    stopPokes = listenToPokes({
      fetch: send,
      databaseName: options.databaseName,
      secret: async () => (await database.meta.get('state'))?.secret ?? '',
      onPoke: (poke) => void onPoke(poke).catch(options.onError)
    });
    wake();
    await forgetRetained(database, await isSpaceShort());
  };
  void begin().catch(options.onError);

  const close = (): void => {
    closing.abort();
    removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', onVisible);
    stopPokes();
    runner.stop();
    uploads.stop();
    database.close();
  };

  return {
    database,
    device,
    build: options.build,
    sync,
    runner,
    demoLink,
    watchDemo: (onrestart) =>
      watchDemoRestart({
        device: surface,
        database: options.databaseName,
        isCut: () => demoLink.mode === 'off',
        onrestart: () => {
          onrestart();
          close();
        }
      }),
    write: async (changes, extra = {}) => {
      const receipt = await write(database, environment, { ...extra, by: device.user, changes });
      hand.moved();
      runner.nudge();
      return receipt;
    },
    courier: createCourier(database, environment),
    newId: () => randomBytesToId(environment.randomBytes(idBytes)),
    now: () => {
      const { offset, exchangedAt } = sync.state ?? device;
      return Math.max(Date.now(), exchangedAt) + offset;
    },
    fetch: send,
    closing: closing.signal,
    close
  };
}
