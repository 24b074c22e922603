// Starts a PostgreSQL of its own for tests: a new cluster in a temporary folder, on a free port, gone when it stops.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findCommand, installDebianPackages } from './setup.mjs';

const debianFolder = '/usr/lib/postgresql';
const startTimeoutMs = 60_000;

/**
 * Starts PostgreSQL. It refuses to run as root, so root starts it as the user `postgres`.
 * `end` ends it and leaves its data: SIGINT cuts its clients off and writes all down, SIGQUIT is a crash; `begin` starts it again.
 * @returns {Promise<{ url: string, folder: string, end: (signal: 'SIGINT' | 'SIGQUIT') => Promise<void>, begin: () => Promise<void>, stop: () => Promise<void> }>}
 * Throws an Error that says what to do when there is none and it cannot be installed.
 */
export async function startPostgres({ durable = false } = {}) {
  const programs = await ensurePostgres();
  const owner = ownerOfCluster();
  const folder = mkdtempSync(join(tmpdir(), 'zimnik-postgres-'));
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  chmodSync(folder, 0o700);
  const options = { ...owner, cwd: folder, env: { ...process.env, LC_ALL: 'C' } };
  const data = join(folder, 'data');
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'zimnik', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...options, encoding: 'utf8' }
  );
  if (made.status !== 0) throw new Error(`initdb failed:\n${made.stdout ?? ''}${made.stderr ?? made.error}`);

  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=64MB',
    // A test that stops the process keeps what the system has; only a cut of the power needs the disk.
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off'])
  ];
  const url = `postgres://zimnik@127.0.0.1:${port}/postgres`;
  const args = ['-D', data, ...settings.flatMap((one) => ['-c', one])];
  let child;
  const begin = async () => {
    child = spawn(join(programs, 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    child.stderr.on('data', (chunk) => (printed = (printed + chunk).slice(-20_000)));
    await waitUntilReady(url, child, () => printed);
  };
  const end = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'close');
  };
  const kill = () => child.kill('SIGQUIT');
  process.once('exit', kill);
  await begin();
  return {
    url,
    folder,
    end,
    begin,
    async stop() {
      process.off('exit', kill);
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** Folder of initdb and postgres; installs Debian's packages when this may. */
async function ensurePostgres() {
  const found = findPostgres();
  if (found) return found;
  await installDebianPackages(['postgresql']);
  const installed = findPostgres();
  if (installed) return installed;
  throw new Error(
    'The tests need PostgreSQL 14 or newer and none could be installed. Install it (Debian: sudo apt-get install -y postgresql).'
  );
}

function findPostgres() {
  const onPath = findCommand('initdb');
  if (onPath) return join(onPath, '..');
  if (!existsSync(debianFolder)) return undefined;
  const versions = readdirSync(debianFolder).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(debianFolder, version, 'bin'))
    .find((programs) => existsSync(join(programs, 'initdb')));
}

function ownerOfCluster() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function waitUntilReady(url, child, printed) {
  const giveUpAt = Date.now() + startTimeoutMs;
  while (Date.now() < giveUpAt) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended before it was ready:\n${printed()}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  child.kill('SIGQUIT');
  throw new Error(`PostgreSQL was not ready in time:\n${printed()}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
