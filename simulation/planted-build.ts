import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { PlantedBug } from './planted.ts';
import type { runSchedule } from './schedule.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'node_modules', '.cache', 'zimnik-planted');

/**
 * Builds the simulation with one bug planted into the real code and loads it. The code itself has no switches for bugs.
 * Throws when the place of the bug is not found exactly once.
 */
export async function plant(bug: PlantedBug): Promise<typeof runSchedule> {
  const outfile = join(folder, `${bug.name}.mjs`);
  const target = join(root, bug.file);
  let planted = false;
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(root, 'simulation', 'schedule.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { $lib: join(root, 'src', 'lib') },
    tsconfigRaw: {},
    logLevel: 'error',
    plugins: [
      {
        name: 'plant',
        setup: (builder) => {
          builder.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            if (path !== target) return undefined;
            const parts = readFileSync(path, 'utf8').split(bug.find);
            if (parts.length !== 2)
              throw new Error(`${bug.name}: its place stands ${parts.length - 1} times in ${bug.file}`);
            planted = true;
            return { contents: parts.join(bug.replace), loader: 'ts' };
          });
        }
      }
    ]
  });
  if (!planted) throw new Error(`${bug.name}: ${bug.file} is no part of the simulation`);
  const loaded = (await import(pathToFileURL(outfile).href)) as { readonly runSchedule: typeof runSchedule };
  rmSync(outfile);
  return loaded.runSchedule;
}
