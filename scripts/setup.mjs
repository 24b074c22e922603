// Brings a fresh clone to the point where everything can run: Node's version, a compiler, the packages.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root, runSlow } from './run.mjs';

const oldestNode = [20, 19];
const stampFile = join(root, 'node_modules', '.zimnik-lock');
const debianCompiler = ['python3', 'make', 'g++'];

/** Installs what is missing; quick when nothing is. Throws an Error whose message says what to do. */
export async function setUp() {
  checkNode();
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const stamp = createHash('sha256').update(`${process.version}\n${lock}`).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  if (!installedMatches(JSON.parse(lock))) await installPackages();
  writeFileSync(stampFile, stamp);
}

/** Is this command on the PATH? */
export function findCommand(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * Installs Debian packages when this is root on a machine with apt.
 * @returns {Promise<boolean>} false when it could not
 */
export async function installDebianPackages(names) {
  if (process.getuid?.() !== 0 || !findCommand('apt-get')) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runSlow('Refreshing the list of system packages', 'apt-get', ['update', '-q'], { env });
  const args = ['install', '-y', '-q', '--no-install-recommends', ...names];
  return (await runSlow(`Installing ${names.join(', ')}`, 'apt-get', args, { env })).code === 0;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(`Node ${oldestNode.join('.')} or newer is needed, this is ${process.version}.`);
}

/** True when npm itself already installed this lock here (it keeps a copy of what it installed). */
function installedMatches(lock) {
  const copy = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(copy)) return false;
  const installed = JSON.parse(readFileSync(copy, 'utf8')).packages;
  return Object.entries(lock.packages).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version
  );
}

async function installPackages() {
  const compilerHint = `sudo apt-get install -y ${debianCompiler.join(' ')}`;
  if (!debianCompiler.every((name) => findCommand(name)) && !(await installDebianPackages(debianCompiler))) {
    console.log(`No compiler found. If the next step fails, run: ${compilerHint}`);
  }
  const env = { ...process.env };
  const prefix = dirname(dirname(process.execPath));
  // With Node's own headers at hand the compiler of native modules has nothing to download.
  if (existsSync(join(prefix, 'include', 'node', 'node_api.h'))) env.npm_config_nodedir = prefix;
  const what = 'Installing packages (one of them is compiled, about two minutes)';
  const { code, output } = await runSlow(what, 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    env
  });
  if (code === 0) return;
  throw new Error(`${output}\nnpm ci failed. If it was compiling better-sqlite3, run: ${compilerHint}`);
}

/** Prints the message of an expected failure without a stack and ends the process. */
export function giveUp(error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
