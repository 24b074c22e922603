import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build as bundle } from 'esbuild';
import { defineConfig, type Plugin, type Rollup } from 'vite';
import { surveyDexie } from './scripts/survey-dexie.mjs';
import { surveyWords } from './scripts/survey-words.mjs';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const base = '/survey/';
const target = 'chrome80';

/** Builds the activist's worker after the page's files are named, with their addresses as its precache list. */
function surveyWorker(): Plugin {
  return {
    name: 'survey-worker',
    apply: 'build',
    async writeBundle(_options, files) {
      const urls = neededByAll(files).map((name) => base + name);
      const version = createHash('sha256')
        .update(Object.keys(files).sort().join('\n'))
        .digest('hex')
        .slice(0, 12);
      await bundle({
        entryPoints: [path('./src/survey/survey-worker.ts')],
        outfile: path('./build-survey/worker.js'),
        bundle: true,
        minify: true,
        format: 'iife',
        target,
        define: {
          SURVEY_FILES: JSON.stringify(urls),
          SURVEY_VERSION: JSON.stringify(version)
        }
      });
    }
  };
}

/**
 * The script with all that it imports at once, and their styles. What only some pages need, such as the words of a language,
 * is named by those pages and kept with them; the font of rare letters comes when one stands on a page.
 */
function neededByAll(files: Rollup.OutputBundle): readonly string[] {
  const chunks = Object.values(files).filter((file) => file.type === 'chunk');
  const needed = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const { imports } of needed)
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) needed.add(chunk);
  return [...needed].flatMap((chunk) => [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])]);
}

/** Svelte scopes the inner parts of a rule with `:where`, for which these browsers drop the whole rule. */
function scopesWithoutWhere(): Plugin {
  return {
    name: 'scopes-without-where',
    transform(code, id) {
      if (!/\.css(?:$|[?#])/.test(id)) return undefined;
      return { code: code.replace(/:where\((\.svelte-[\w-]+)\)/g, '$1'), map: null };
    }
  };
}

/** The page itself names what it will load later: the script need not. */
function nothingAhead(): Plugin {
  return {
    name: 'nothing-ahead',
    enforce: 'pre',
    load: (id) =>
      id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load();' : undefined
  };
}

export default defineConfig({
  base,
  publicDir: false,
  resolve: {
    alias: [
      { find: /^(?:\.|\$lib\/storage)\/journal\.ts$/, replacement: path('./src/survey/no-journal.ts') },
      { find: '$lib', replacement: path('./src/lib') },
      // Dexie's own entry is ES5; these browsers read its modern build, from which more can be left out.
      { find: 'dexie', replacement: path('./node_modules/dexie/dist/modern/dexie.mjs') },
      { find: '#domain/records/registry.ts', replacement: path('./src/survey/link-records.ts') },
      { find: /^\.\/receive-ahead\.ts$/, replacement: path('./src/survey/nothing-ahead.ts') },
      { find: /^\.\/rows-under\.ts$/, replacement: path('./src/survey/rows-one-by-one.ts') }
    ]
  },
  plugins: [
    svelte({ configFile: false }),
    surveyDexie(),
    surveyWords({ root: path('.'), entry: 'src/survey/main.ts' }),
    scopesWithoutWhere(),
    nothingAhead(),
    surveyWorker()
  ],
  build: {
    outDir: 'build-survey',
    target,
    // The server reads it to name the script and the style in the page that it renders for a link.
    manifest: 'manifest.json',
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: path('./src/survey/main.ts'),
      output: {
        entryFileNames: 'assets/[name].[hash].js',
        chunkFileNames: 'assets/[name].[hash].js',
        assetFileNames: 'assets/[name].[hash][extname]'
      }
    }
  }
});
