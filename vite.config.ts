import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { appChunks } from './scripts/app-chunks.mjs';
import { appWorker } from './scripts/app-worker.mjs';
import { paraglideOptions } from './scripts/paraglide-options.mjs';
import { pluralRulesOnce } from './scripts/plural-rules.mjs';
import svelteConfig from './svelte.config.js';

/** Where `npm run dev` has started the server. */
const server = `http://localhost:${process.env['PORT'] ?? '3000'}`;

export default defineConfig(({ command }) => ({
  plugins: [
    // Only while developing: its compiler holds a finished build for half a minute. Builds compile the messages first.
    command === 'serve' && paraglideVitePlugin(paraglideOptions),
    pluralRulesOnce(),
    sveltekit(),
    appChunks(),
    appWorker({ root: import.meta.dirname, version: svelteConfig.kit?.version?.name })
  ],
  build: { target: ['chrome109', 'safari16.4', 'firefox115'] },
  server: {
    proxy: {
      '/api': server,
      '/survey': server
    }
  }
}));
