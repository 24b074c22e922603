// Builds the app, the activist's page and the server; each part only when its sources have changed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { root, run, runSlow, tool } from './run.mjs';
import { giveUp, setUp } from './setup.mjs';
import { appSources, filesUnder, hashOfSources, serverSources, surveySources } from './source-hash.mjs';

const stampFile = join(root, 'dist', 'build-stamps.json');

const parts = [
  {
    what: 'Building the app',
    result: 'build',
    sources: appSources,
    make: (what) => makeForBrowser(what, []),
    compress: true
  },
  {
    what: "Building the activist's page",
    result: 'build-survey',
    sources: surveySources,
    make: (what) => makeForBrowser(what, ['--config', 'vite.survey.config.ts']),
    compress: true
  },
  {
    what: 'Building the server',
    result: 'dist/server.js',
    sources: serverSources,
    make: () => run(tool('esbuild'), serverBundle, { quiet: true }),
    compress: false
  }
];

const serverBundle = [
  './server/main.ts',
  '--bundle',
  '--platform=node',
  '--format=esm',
  '--target=node20',
  '--packages=external',
  '--sourcemap',
  '--log-level=warning',
  '--outfile=dist/server.js'
];

/** Leaves `build/`, `build-survey/` and `dist/server.js` up to date. Throws with the tool's output when one fails. */
export async function build() {
  const stamps = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {};
  for (const part of parts) {
    const stamp = hashOfSources(part.sources);
    if (stamps[part.result] === stamp && existsSync(join(root, part.result))) continue;
    const { code, output } = await part.make(part.what);
    if (code !== 0) throw new Error(`${output}\n${part.what} failed.`);
    if (part.compress) compressFolder(join(root, part.result));
    stamps[part.result] = stamp;
    mkdirSync(join(root, 'dist'), { recursive: true });
    writeFileSync(stampFile, `${JSON.stringify(stamps, null, 2)}\n`);
  }
}

async function makeForBrowser(what, options) {
  const messages = await run(process.execPath, ['scripts/generate.mjs'], { quiet: true });
  return messages.code === 0 ? runSlow(what, tool('vite'), ['build', ...options]) : messages;
}

/** Puts a `.br` and a `.gz` beside each text file once, so that the server never compresses an unchanging file. */
function compressFolder(folder) {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  for (const file of filesUnder(folder).filter((name) =>
    /\.(?:js|css|html|svg|json|webmanifest)$/.test(name)
  )) {
    const content = readFileSync(file);
    writeFileSync(`${file}.br`, brotliCompressSync(content, quality));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await setUp()
    .then(() => build())
    .catch(giveUp);
}
