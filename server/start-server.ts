import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Config } from './config.ts';
import { removeDatabases } from './data-files.ts';
import { readSite } from './http/site.ts';
import { readSurveySite } from './http/survey-site.ts';
import type { RequestLog } from './http/request-log.ts';
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
/** Longer than the usual 60 s of a proxy before the server. */
const keepAliveTimeoutMs = 65_000;
/** The starting script waits 10 s before it cuts the power. */
const farewellMs = 7_000;

/** Opens the data, listens, and answers. */
export async function startServer(
  config: Config,
  given: { readonly root: string; readonly log: RequestLog; readonly clock: () => number }
): Promise<RunningServer> {
  const around = {
    site: readSite(join(given.root, 'build')),
    surveySite: readSurveySite(join(given.root, 'build-survey')),
    log: given.log,
    clock: given.clock,
    restart: () => restart()
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
    keepAliveTimeout: keepAliveTimeoutMs
  };
  const server = createServer(timeouts, (request, response) => void answer(request, response));
  if (centre.demo?.isStale === true) await restart();
  await listen(server, config);
  return {
    centre: () => centre,
    stop: async () => {
      centre.endStreams();
      const closed = once(server, 'close');
      server.close();
      const cut = setTimeout(() => {
        server.closeAllConnections();
      }, farewellMs);
      await closed;
      clearTimeout(cut);
      await centre.close();
    }
  };
}

async function listen(server: Server, config: Config): Promise<void> {
  server.listen(config.port, config.host === 'localhost' ? '127.0.0.1' : config.host);
  await once(server, 'listening');
}
