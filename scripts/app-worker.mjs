// Builds the app's service worker after the app's files are named, with the list of files that each surface needs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';

/** Files of `static/` that pages of the app show; a browser asks for the other icons itself when it installs. */
const shownFiles = ['icon.svg', 'icon-192.png', 'manifest.webmanifest'];
const nodesFolder = '.svelte-kit/generated/client-optimized/nodes/';

/**
 * @param {{ root: string, version: string | undefined }} options `version` names the build: the app's page changes with it
 * @returns {import('vite').Plugin}
 */
export function appWorker({ root, version }) {
  if (version === undefined) throw new Error('The build has no name: see kit.version in svelte.config.js');
  return {
    name: 'app-worker',
    apply: 'build',
    applyToEnvironment: (environment) => environment.name === 'client',
    async writeBundle({ dir }, output) {
      const name = Object.keys(output).find((path) => path.endsWith('.vite/manifest.json'));
      if (dir === undefined || name === undefined) throw new Error('The build wrote no list of its chunks.');
      const chunks = JSON.parse(readFileSync(join(dir, name), 'utf8'));
      const sourceOf = (key) => readFileSync(join(root, key), 'utf8');
      const { shared, field, office } = filesBySurface(chunks, sourceOf);
      const immutable = (path) => [`/${path}`];
      const shown = shownFiles.map((path) => [`/${path}`, revisionOf(join(root, 'static', path))]);
      const files = {
        shared: [['/index.html', version], ...shown, ...shared.map(immutable)],
        field: field.map(immutable),
        office: office.map(immutable)
      };
      await bundle({
        entryPoints: [join(root, 'src/app-worker.ts')],
        outfile: join(dir, 'service-worker.js'),
        bundle: true,
        minify: true,
        format: 'iife',
        target: ['chrome109', 'safari16.4', 'firefox115'],
        define: { APP_FILES: JSON.stringify(files) }
      });
    }
  };
}

/**
 * Which files a page of each surface may ever load. What both need, and what no page is known to need, is shared.
 * @param {Record<string, import('vite').ManifestChunk>} chunks Vite's list of chunks
 * @param {(key: string) => string} sourceOf text of a generated node, which names its page
 */
export function filesBySurface(chunks, sourceOf) {
  const nodes = Object.keys(chunks).filter((key) => key.startsWith(nodesFolder));
  const pagesOf = (surface) => nodes.filter((key) => sourceOf(key).includes(`/src/routes/(${surface})/`));
  const field = reachable(chunks, pagesOf('field'));
  const office = reachable(chunks, pagesOf('office'));
  const others = Object.keys(chunks).filter((key) => !nodes.includes(key) && chunks[key].isEntry);
  // The app's entry names every page; the pages themselves are told apart above.
  const start = reachable(chunks, others, (key) => !nodes.includes(key));
  const plain = nodes.filter((key) => !/\/src\/routes\/\((?:field|office)\)\//.test(sourceOf(key)));
  const everything = reachable(chunks, Object.keys(chunks));
  const shared = new Set([...start, ...reachable(chunks, plain)]);
  for (const file of everything) if (field.has(file) === office.has(file)) shared.add(file);
  const rest = (files) => [...files].filter((file) => !shared.has(file)).sort();
  return { shared: [...shared].sort(), field: rest(field), office: rest(office) };
}

/** Files of these chunks and of everything that they import, at once or later. */
function reachable(chunks, keys, mayFollow = () => true) {
  const seen = new Set();
  const files = new Set();
  const waiting = [...keys];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const chunk = chunks[key];
    if (seen.has(key) || chunk === undefined) continue;
    seen.add(key);
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file);
    waiting.push(...(chunk.imports ?? []), ...(chunk.dynamicImports ?? []).filter(mayFollow));
  }
  return files;
}

function revisionOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
}
