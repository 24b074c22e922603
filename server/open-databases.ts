import pg from 'pg';
import { openAccounts, type Accounts } from './access/accounts.ts';
import { secretFromFile } from './access/secret-file.ts';
import { secretFromDatabase } from './access/shared-secret.ts';
import type { Config } from './config.ts';
import { dataFiles, ensureDataFolder } from './data-files.ts';
import { refuseMovedData } from './data-lock.ts';
import { centreId, randomBytes } from './platform.ts';
import { openPostgresStorage } from './storage/postgres-storage.ts';
import type { ServerStorage } from './storage/server-storage.ts';
import { openSqliteStorage } from './storage/sqlite-storage.ts';
import { PostgresPokes } from './sync/postgres-pokes.ts';
import { Pokes } from './sync/pokes.ts';

/** Everything that the server keeps, on the embedded SQLite or on PostgreSQL. */
export interface OpenDatabases {
  readonly storage: ServerStorage;
  readonly accounts: Accounts;
  readonly pokes: Pokes;
  /** Signs the cookies, hex; the same in every process of the server. */
  readonly secret: string;
  readonly close: () => Promise<void>;
}

/** Opens what the configuration names and brings it to the present shape. */
export function openDatabases(config: Config, report: (error: unknown) => void): Promise<OpenDatabases> {
  return config.databaseUrl === undefined
    ? openEmbedded(config)
    : openShared(config, config.databaseUrl, report);
}

async function openEmbedded(config: Config): Promise<OpenDatabases> {
  ensureDataFolder(config.dataFolder);
  refuseMovedData(config.dataFolder);
  const files = dataFiles(config.dataFolder);
  const storage = openSqliteStorage({ file: files.centre });
  const secret = secretFromFile(files.secret, randomBytes);
  const accounts = await openAccounts({ database: { file: files.accounts }, secret, url: config.url });
  return {
    storage,
    accounts,
    secret,
    pokes: new Pokes(),
    close: async () => {
      await storage.close();
      await accounts.close();
    }
  };
}

/** Connections of one process for accounts and sessions. */
const accountConnections = 4;

async function openShared(
  config: Config,
  url: string,
  report: (error: unknown) => void
): Promise<OpenDatabases> {
  const storage = await openPostgresStorage({ url, report });
  const pool = new pg.Pool({ connectionString: url, max: accountConnections, keepAlive: true });
  pool.on('error', report);
  const secret = await secretFromDatabase(pool, randomBytes);
  const accounts = await openAccounts({ database: { pool }, secret, url: config.url });
  const pokes = await PostgresPokes.open({
    url,
    centre: centreId,
    head: () => storage.readSnapshot((snapshot) => snapshot.centre(centreId)),
    report
  });
  return {
    storage,
    accounts,
    secret,
    pokes,
    close: async () => {
      await pokes.close();
      await accounts.close();
      await storage.close();
    }
  };
}
