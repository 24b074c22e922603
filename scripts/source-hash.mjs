// What a build is made from: names the app's version and tells whether a build is up to date.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './run.mjs';

const everywhere = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'scripts/build.mjs', 'domain'];
const inBrowser = [...everywhere, 'src', 'project.inlang/settings.json', 'scripts/paraglide-options.mjs'];

export const appSources = [
  ...inBrowser,
  'static',
  'scripts/app-chunks.mjs',
  'scripts/app-worker.mjs',
  'scripts/plural-rules.mjs',
  'vite.config.ts',
  'svelte.config.js'
];
export const surveySources = [
  ...inBrowser,
  'scripts/survey-dexie.mjs',
  'scripts/survey-words.mjs',
  'vite.survey.config.ts'
];
export const serverSources = [...everywhere, 'server', 'demo'];

/** Hash over names and contents of these files and folders, tests left out; hex. */
export function hashOfSources(sources) {
  const hash = createHash('sha256');
  for (const file of sources.map((source) => join(root, source)).flatMap(filesUnder)) {
    if (/\.test\.ts$/.test(file)) continue;
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** All files of a folder in a fixed order; compiled messages are a result, not a source. */
export function filesUnder(path) {
  if (!existsSync(path) || path === join(root, 'src', 'lib', 'paraglide')) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}
