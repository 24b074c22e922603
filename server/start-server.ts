import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Config } from './config.ts';
import { UnfinishedRestore } from './admin/restore.ts';
import { backupInOwnProcess, scheduleBackups, type ScheduledBackups } from './admin/scheduled-backups.ts';
import { dataFiles, removeDatabases, removeDemoKeys } from './data-files.ts';
import { lockData } from './data-lock.ts';
import { readSite } from './http/site.ts';
import { readSurveySite } from './http/survey-site.ts';
import type { Log } from './log.ts';
import { openCentre, type OpenCentre } from './open-centre.ts';

export interface RunningServer {
  /** The centre that answers now; a restart of the demonstration puts another in its place. */
  readonly centre: () => OpenCentre;
  /** Lets running requests end, closes the databases. */
  readonly stop: () => Promise<void>;
}

/** A 2G phone needs this long for a large push. */
const requestTimeoutMs = 180_000;
const headersTimeoutMs = 30_000;
/** How late one that sends its headers ever so slowly may be noticed. */
const checkEveryMs = 5_000;
/** Longer than the usual 60 s of a proxy before the server. */
const keepAliveTimeoutMs = 65_000;
/** The starting script waits 10 s before it cuts the power. */
const farewellMs = 7_000;

/** Opens the data, listens, and answers. */
export async function startServer(
  config: Config,
  given: {
    readonly root: string;
    readonly log: Log;
    readonly clock: () => number;
    /** Begins the demonstration anew, its links too. */
    readonly fresh: boolean;
  }
): Promise<RunningServer> {
  // Processes that share a PostgreSQL share everything by it.
  const lock = config.databaseUrl === undefined ? lockData(config.dataFolder, config.url) : undefined;
  if (given.fresh) {
    removeDatabases(config.dataFolder);
    removeDemoKeys(config.dataFolder);
  }
  if (existsSync(dataFiles(config.dataFolder).staging)) throw new UnfinishedRestore();
  const backups = plannedBackups(config, given);
  const around = {
    site: readSite(join(given.root, 'build')),
    surveySite: readSurveySite(join(given.root, 'build-survey')),
    log: given.log,
    clock: given.clock,
    restart: () => restart(),
    ...(backups === undefined ? {} : { backups })
  };
  let centre = await openCentre(config, around);
  let isRestarting = false;

  const restart = async (): Promise<void> => {
    if (isRestarting) return;
    isRestarting = true;
    try {
      centre.endStreams();
      await centre.close();
      // The keys stay, so that the printed links remain good.
      removeDatabases(config.dataFolder);
      centre = await openCentre(config, around);
    } finally {
      isRestarting = false;
    }
  };

  const answer = getRequestListener(
    (request, bindings) =>
      isRestarting
        ? Response.json({ error: 'starting' }, { status: 503, headers: { 'retry-after': '5' } })
        : centre.app.fetch(request, bindings),
    { overrideGlobalObjects: false }
  );
  const timeouts = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: headersTimeoutMs,
    connectionsCheckingInterval: checkEveryMs,
    keepAliveTimeout: keepAliveTimeoutMs
  };
  const server = createServer(timeouts, (request, response) => void answer(request, response));
  if (centre.demo?.isStale === true) await restart();
  await listen(server, config);
  backups?.start();
  return {
    centre: () => centre,
    stop: async () => {
      centre.endStreams();
      await backups?.stop();
      const closed = once(server, 'close');
      server.close();
      const cut = setTimeout(() => {
        server.closeAllConnections();
      }, farewellMs);
      await closed;
      clearTimeout(cut);
      await centre.close();
      lock?.release();
    }
  };
}

function plannedBackups(
  { backups, demo }: Config,
  { log, clock }: { readonly log: Log; readonly clock: () => number }
): ScheduledBackups | undefined {
  if (backups === undefined || demo) return undefined;
  return scheduleBackups(backups, {
    clock,
    make: backupInOwnProcess,
    onMade: () => {
      log.event('backup_made');
    },
    report: (error) => {
      log.error(error, { id: '', route: 'backup' });
    }
  });
}

async function listen(server: Server, config: Config): Promise<void> {
  server.listen(config.port, config.host === 'localhost' ? '127.0.0.1' : config.host);
  await once(server, 'listening');
}
