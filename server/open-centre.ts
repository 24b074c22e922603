import type { Hono } from 'hono';
import { createApp, type AppDeps } from './app.ts';
import { createSetup } from './access/setup.ts';
import { isBuildOlder } from './build-order.ts';
import type { Config } from './config.ts';
import { dataFiles, ensureDataFolder } from './data-files.ts';
import { openDemo } from './demo/open-demo.ts';
import { freeBytesOf } from './files/file-store.ts';
import { createFiles } from './files/files.ts';
import { openFileStore } from './files/open-store.ts';
import { StoreTrouble } from './files/s3-store.ts';
import type { AppEnv } from './http/app-env.ts';
import { LedgerFile, uniteWithLedger } from './erasure-ledger.ts';
import { followErasures } from './follow-erasures.ts';
import { openDatabases } from './open-databases.ts';
import { centreId, randomBytes } from './platform.ts';
import { ensureCentre } from './sync/centre.ts';
import { PreparedStreams } from './sync/prepared-streams.ts';
import { PushHealth } from './sync/push-health.ts';
import { nodeHashing } from './sync/node-hashing.ts';
import { createSyncService } from './sync/sync-service.ts';
import { Turns } from './sync/turns.ts';

/** While one of them writes, the others read. */
const exchangesOnPostgres = 4;

/** A centre whose data are open and whose app answers. */
export interface OpenCentre {
  readonly app: Hono<AppEnv>;
  readonly demo: AppDeps['demo'];
  /** The code of the set-up link; undefined = it is set up. */
  readonly setupCode: () => Promise<string | undefined>;
  /** Ends open streams. Requests that run are waited for by the listener. */
  readonly endStreams: () => void;
  /** Closes the databases. */
  readonly close: () => Promise<void>;
}

export type Surroundings = Pick<AppDeps, 'site' | 'surveySite' | 'log' | 'clock' | 'backups'> & {
  /** Throws the demonstration's data away and opens it anew. */
  readonly restart: () => Promise<void>;
};

/** How often files that nobody needs are looked for. */
const sweepEveryMs = 6 * 3_600_000;

/** Opens the databases of a data folder, makes what a first start lacks, and composes the app over them. */
export async function openCentre(config: Config, around: Surroundings): Promise<OpenCentre> {
  const { log, clock } = around;
  const report = (error: unknown): void => {
    log.error(error, { id: '', route: 'database' });
  };
  const { storage, accounts, pokes, secret, close } = await openDatabases(config, report);
  const shutdown = new AbortController();
  const base = { storage, centre: centreId, clock, random: randomBytes, hashing: nodeHashing };
  await ensureCentre(base);
  ensureDataFolder(config.dataFolder);
  const ledger = new LedgerFile(dataFiles(config.dataFolder).erased, centreId);
  await uniteWithLedger(storage, ledger, base);
  const files = createFiles({ ...base, store: openFileStore(config), reserve: config.fileReserve });
  // Without their rows nobody is given them any more; bytes that a bucket does not let go now, the next sweep deletes.
  await files.erase(ledger.attachments()).catch((error: unknown) => {
    if (!(error instanceof StoreTrouble)) throw error;
    report(error);
  });
  const prepared = new PreparedStreams();
  // On PostgreSQL each process has a ledger of its own, and the database is what they share.
  const follower =
    config.databaseUrl === undefined
      ? undefined
      : followErasures({
          ...base,
          pokes,
          ledger,
          eraseFiles: (hashes) => files.erase(hashes),
          forget: () => prepared.forget(),
          report
        });
  const pushHealth = new PushHealth(clock);
  const service = createSyncService({
    ...base,
    pushHealth,
    pokes,
    prepared,
    ledger,
    eraseFiles: (hashes) => files.erase(hashes),
    minBuild: config.minBuild,
    isTooOld: (build) => isBuildOlder(build, config.minBuild),
    report: (error) => {
      log.error(error, { id: '', route: 'POST /api/sync' });
    }
  });
  const sharedCode =
    config.databaseUrl === undefined ? undefined : nodeHashing.sha256(`${secret} set-up`).slice(0, 32);
  const setup = createSetup({ ...base, service, accounts }, sharedCode);
  const demo = config.demo
    ? await openDemo({ ...base, service, accounts }, dataFiles(config.dataFolder).demoKeys, around.restart)
    : undefined;
  const app = createApp({
    ...base,
    files,
    pushHealth,
    ...(config.databaseUrl === undefined ? { freeBytes: () => freeBytesOf(config.dataFolder) } : {}),
    service,
    turns: new Turns({
      atOnce: config.databaseUrl === undefined ? 1 : exchangesOnPostgres,
      mono: () => performance.now(),
      random: () => Math.random(),
      afterOthers: (callback) => setImmediate(callback)
    }),
    pokes,
    accounts,
    setup,
    url: config.url,
    site: around.site,
    surveySite: around.surveySite,
    log,
    shutdown: shutdown.signal,
    metricsToken: config.metricsToken,
    trustProxy: config.trustProxy,
    addressLimit: config.addressLimit,
    ...(around.backups === undefined ? {} : { backups: around.backups }),
    ...(demo === undefined ? {} : { demo })
  });
  const sweeping = setInterval(() => {
    files.sweep().catch((error: unknown) => {
      log.error(error, { id: '', route: 'files' });
    });
  }, sweepEveryMs);
  sweeping.unref();
  return {
    app,
    demo,
    setupCode: () => setup.code(),
    endStreams: () => {
      shutdown.abort();
    },
    close: async () => {
      clearInterval(sweeping);
      follower?.stop();
      await follower?.followed();
      await close();
    }
  };
}
