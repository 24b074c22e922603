import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build as bundle } from 'esbuild';
import { defineConfig, type Plugin } from 'vite';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const base = '/survey/';
const target = 'chrome80';

/** Builds the activist's worker after the page's files are named, with their addresses as its precache list. */
function surveyWorker(): Plugin {
  return {
    name: 'survey-worker',
    apply: 'build',
    async writeBundle(_options, files) {
      // The font of rare letters comes only when one stands on the page.
      const names = Object.keys(files).filter((name) => /\.(?:js|css|svg)$/.test(name));
      // What only some pages need, such as a demonstration, is named by them, and kept with them.
      const isLate = (name: string) => {
        const file = files[name];
        return file?.type === 'chunk' && file.isDynamicEntry;
      };
      const addresses = (chosen: readonly string[]) => [...chosen].sort().map((name) => base + name);
      const urls = addresses(names.filter((name) => !isLate(name)));
      const late = addresses(names.filter(isLate));
      const version = createHash('sha256')
        .update([...urls, ...late].join('\n'))
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
          SURVEY_LATE_FILES: JSON.stringify(late),
          SURVEY_VERSION: JSON.stringify(version)
        }
      });
    }
  };
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

/** There is one script and one style: what is loaded later brings nothing to be loaded ahead of it. */
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
    alias: {
      $lib: path('./src/lib'),
      // Dexie's own entry is ES5; these browsers read its modern build, which is smaller.
      dexie: path('./node_modules/dexie/dist/modern/dexie.min.mjs'),
      '#domain/records/registry.ts': path('./src/survey/link-records.ts')
    }
  },
  plugins: [svelte({ configFile: false }), scopesWithoutWhere(), nothingAhead(), surveyWorker()],
  build: {
    outDir: 'build-survey',
    target,
    // The server reads it to name the script and the style in the page that it renders for a link.
    manifest: 'manifest.json',
    modulePreload: false,
    cssCodeSplit: false,
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
