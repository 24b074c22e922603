import { keptSurfaces } from './lib/app/kept-surfaces.ts';

declare const self: ServiceWorkerGlobalScope;

/** Address of a file, and what its present contents are called when the address does not tell. */
type AppFile = readonly [path: string, revision?: string];

/** Put in by the build: the app's files by the surface that needs them. */
declare const APP_FILES: {
  readonly shared: readonly AppFile[];
  readonly field: readonly AppFile[];
  readonly office: readonly AppFile[];
};

const cacheName = 'zimnik-app';
/** The one page that every address of the app answers with. */
const pagePath = '/index.html';
/** As many as a browser would open to one host: each request of its own waits a round trip on a slow link. */
const requestsAtOnce = 6;

const files = new Map(
  [...APP_FILES.shared, ...APP_FILES.field, ...APP_FILES.office].map((file) => [file[0], file] as const)
);

self.addEventListener('install', (event) => {
  event.waitUntil(keepWanted());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOutdated().then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  const message: unknown = event.data;
  if (typeof message !== 'object' || message === null || !('type' in message)) return;
  // The person agreed to the new version; until then the worker waits.
  if (message.type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting());
  if (message.type === 'KEEP') event.waitUntil(keepAndTell(event.ports[0]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode !== 'navigate') {
    const file = files.get(pathname);
    if (file !== undefined) event.respondWith(keptOr(file, request));
  } else if (!/^\/(?:api|survey)\//.test(pathname)) {
    // Records live in IndexedDB, and the activist's link has a worker of its own.
    event.respondWith(keptOr(files.get(pagePath) ?? [pagePath], request));
  }
});

async function keptOr(file: AppFile, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(keyOf(file))) ?? fetch(request);
}

/** What the surfaces opened in this browser need; before any was opened, everything. */
async function wantedFiles(): Promise<readonly AppFile[]> {
  const kept = await keptSurfaces();
  const { shared, field, office } = APP_FILES;
  const isWanted = (surface: 'field' | 'office'): boolean => kept.length === 0 || kept.includes(surface);
  return [...shared, ...(isWanted('field') ? field : []), ...(isWanted('office') ? office : [])];
}

/** Fetches what is missing and fails when one file does not come: what did come is not fetched again. */
async function keepWanted(): Promise<void> {
  const cache = await caches.open(cacheName);
  const present = new Set((await cache.keys()).map(({ url }) => url));
  const missing = (await wantedFiles()).filter((file) => !present.has(keyOf(file)));
  const fetchOneByOne = async (): Promise<void> => {
    for (let file = missing.shift(); file !== undefined; file = missing.shift()) {
      const [path, revision] = file;
      const response = await fetch(path, revision === undefined ? {} : { cache: 'no-cache' });
      if (!response.ok || response.redirected) throw new Error(`${path} was answered ${response.status}`);
      await cache.put(keyOf(file), response);
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, fetchOneByOne));
}

async function keepAndTell(port: MessagePort | undefined): Promise<void> {
  const isWhole = await keepWanted().then(
    () => true,
    () => false
  );
  port?.postMessage(isWhole);
}

async function dropOutdated(): Promise<void> {
  const cache = await caches.open(cacheName);
  const known = new Set(Array.from(files.values(), keyOf));
  const outdated = (await cache.keys()).filter(({ url }) => !known.has(url));
  await Promise.all(outdated.map((request) => cache.delete(request)));
}

function keyOf([path, revision]: AppFile): string {
  const url = new URL(path, self.location.origin);
  if (revision !== undefined) url.searchParams.set('revision', revision);
  return url.href;
}
