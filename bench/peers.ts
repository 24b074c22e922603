import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('peers', import.meta.url));

/** Loads a module below `bench/peers`; the packages beside it are installed where they are missing. */
export async function importPeer(file: string): Promise<unknown> {
  const path = join(folder, file);
  const beside = dirname(path);
  if (!existsSync(join(beside, 'node_modules', '.package-lock.json'))) {
    console.log('  installing what is measured against (about a minute)…');
    const { status, stderr } = spawnSync('npm', ['ci'], { cwd: beside, encoding: 'utf8' });
    if (status !== 0) throw new Error(`It was not installed:\n${stderr}`);
  }
  return import(pathToFileURL(path).href);
}
