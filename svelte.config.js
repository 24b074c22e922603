import { readFileSync } from 'node:fs';
import adapter from '@sveltejs/adapter-static';
import { appSources, hashOfSources } from './scripts/source-hash.mjs';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** Hash of the inline style of SvelteKit's route announcer, which would otherwise stand as visible text on every page. */
const announcerStyle = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: adapter({ pages: 'build', assets: 'build', fallback: 'index.html', precompress: false }),
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
        'style-src': ['self'],
        'style-src-attr': ['unsafe-hashes', announcerStyle],
        'img-src': ['self', 'data:', 'blob:'],
        'connect-src': ['self'],
        'worker-src': ['self'],
        'manifest-src': ['self'],
        'object-src': ['none'],
        'base-uri': ['self'],
        'form-action': ['self']
      }
    },
    serviceWorker: { register: false },
    // Two builds of the same sources are equal byte for byte, and any change is a new version: the worker tells by this
    // name whether the page that it keeps for offline work is still the right one.
    version: { name: `${version}-${hashOfSources(appSources).slice(0, 12)}` }
  }
};
