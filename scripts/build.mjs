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
    compress: quickGzip
  },
  {
    what: "Building the activist's page",
    result: 'build-survey',
    sources: surveySources,
    make: (what) => makeForBrowser(what, ['--config', 'vite.survey.config.ts']),
    compress: smallestGzip
  },
  {
    what: 'Building the server',
    result: 'dist/server.js',
    sources: serverSources,
    make: () => run(tool('esbuild'), serverBundle, { quiet: true }),
    compress: undefined
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
    if (part.compress) await compressFolder(join(root, part.result), part.compress);
    stamps[part.result] = stamp;
    mkdirSync(join(root, 'dist'), { recursive: true });
    writeFileSync(stampFile, `${JSON.stringify(stamps, null, 2)}\n`);
  }
}

/** The next `build()` makes this part again, whatever its sources: somebody else has written over the result. */
export function forgetBuild(result) {
  const stamps = JSON.parse(readFileSync(stampFile, 'utf8'));
  writeFileSync(stampFile, `${JSON.stringify({ ...stamps, [result]: '' }, null, 2)}\n`);
}

async function makeForBrowser(what, options) {
  const messages = await run(process.execPath, ['scripts/generate.mjs'], { quiet: true });
  return messages.code === 0 ? runSlow(what, tool('vite'), ['build', ...options]) : messages;
}

/** Puts a `.br` and a `.gz` beside each text file once, so that the server never compresses an unchanging file. */
async function compressFolder(folder, gzip) {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  for (const file of filesUnder(folder).filter((name) =>
    /\.(?:js|css|html|svg|json|webmanifest)$/.test(name)
  )) {
    const content = readFileSync(file);
    writeFileSync(`${file}.br`, brotliCompressSync(content, quality));
    writeFileSync(`${file}.gz`, await gzip(content));
  }
}

function quickGzip(content) {
  return gzipSync(content, { level: 9 });
}

/** Zopfli takes a second or two and saves about 3 %: half a second of a link at 2G. */
async function smallestGzip(content) {
  // Imported late: the packages may have been installed by this very run.
  const { default: zopfli } = await import('@gfx/zopfli');
  return zopfli.gzipAsync(content, { numiterations: 15 });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await setUp()
    .then(() => build())
    .catch(giveUp);
}
