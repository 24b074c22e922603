import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { SvelteKitPWA } from '@vite-pwa/sveltekit';
import { defineConfig } from 'vite';
import { paraglideOptions } from './scripts/paraglide-options.mjs';

export default defineConfig(({ command }) => ({
  plugins: [
    // Only while developing: its compiler holds a finished build for half a minute. Builds compile the messages first.
    command === 'serve' && paraglideVitePlugin(paraglideOptions),
    sveltekit(),
    SvelteKitPWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'service-worker.ts',
      registerType: 'prompt',
      injectRegister: false,
      manifest: false,
      kit: { adapterFallback: 'index.html', spa: true },
      injectManifest: {
        globPatterns: ['client/**/*.{js,css,ico,png,svg,webp,woff2,webmanifest}'],
        // Only messengers ask for it.
        globIgnores: ['**/survey-card.png']
      }
    })
  ],
  build: { target: ['chrome109', 'safari16.4', 'firefox115'] },
  server: {
    proxy: {
      '/api': 'http://localhost:3000',
      '/survey': 'http://localhost:3000'
    }
  }
}));
