import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const lib = fileURLToPath(new URL('./src/lib', import.meta.url));
// Of the pages' own router the tests need that its names are there: SvelteKit gives them in a built app only.
const navigation = fileURLToPath(new URL('./scripts/vitest-navigation.mjs', import.meta.url));

const postgresOnly = 'server/**/postgres*.test.ts';

export default defineConfig({
  resolve: { alias: { $lib: lib, '$app/navigation': navigation } },
  test: {
    passWithNoTests: false,
    // A guard against a hang, not a measure of speed: property tests over a real database share two cores with a browser.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          environment: 'node',
          include: ['{domain,server,simulation,demo,bench}/**/*.test.ts'],
          // What `npm run bench` compares with brings tests of its own.
          exclude: [postgresOnly, '**/node_modules/**']
        }
      },
      {
        extends: true,
        // Everything that touches the database once more, on a PostgreSQL that is started for it.
        test: {
          name: 'postgres',
          environment: 'node',
          globalSetup: ['scripts/vitest-postgres.mjs'],
          include: ['server/{storage/server-storage,sync/*,files/files,http/sync,app}.test.ts', postgresOnly]
        }
      },
      {
        extends: true,
        // Node is a server to Svelte: without these two its server build is taken and runes do not react.
        plugins: [svelte({ dynamicCompileOptions: () => ({ generate: 'client' }) })],
        ssr: { resolve: { conditions: ['browser', 'module', 'import', 'default'] } },
        test: {
          name: 'app',
          environment: 'node',
          include: ['src/**/*.test.ts'],
          setupFiles: ['fake-indexeddb/auto']
        }
      }
    ]
  }
});
