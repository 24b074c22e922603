declare const self: ServiceWorkerGlobalScope;

/** Put in by the build: addresses of the page's own files, of those that only some forms need, and a name that changes when any of them does. */
declare const SURVEY_FILES: readonly string[];
declare const SURVEY_LATE_FILES: readonly string[];
declare const SURVEY_VERSION: string;

/** Files of one build; a page kept earlier may still need those of an older one. */
const filesCache = `survey-files-${SURVEY_VERSION}`;
const pagesCache = 'survey-pages';
/** A slow link gets the kept page after this long. */
const patienceMs = 4_000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(filesCache)
      .then((cache) => cache.addAll(SURVEY_FILES))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  const message: unknown = event.data;
  if (typeof message !== 'object' || message === null || !('type' in message) || !('url' in message)) return;
  if (message.type === 'keep' && typeof message.url === 'string') event.waitUntil(keepPage(message.url));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/survey/assets/')) event.respondWith(fileOf(request));
  else if (request.mode === 'navigate') event.respondWith(pageOf(request));
});

/** Hashed files never change: whichever cache has one will do. */
async function fileOf(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** The newest page when the network gives it in time, else the kept one. */
async function pageOf(request: Request): Promise<Response> {
  const kept = await keptPage(request.url);
  const fresh = fetch(request).then(async (response) => {
    if (isPage(response)) await keep(request.url, response.clone());
    return response;
  });
  if (kept === undefined) return fresh;
  const patience = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), patienceMs));
  return Promise.race([fresh, patience]).catch(() => kept);
}

/** The same address, or the same link in another language or with what a messenger has put after it. */
async function keptPage(url: string): Promise<Response | undefined> {
  const exact = await caches.match(url);
  return exact ?? (await caches.open(pagesCache)).match(url, { ignoreSearch: true });
}

/** The page of a survey, open or ended (410): with its program it can still send what waits on the phone. */
function isPage(response: Response): boolean {
  return response.ok || response.status === 410;
}

async function keepPage(url: string): Promise<void> {
  if ((await caches.match(url)) !== undefined) return;
  // The browser has just loaded it: its own store gives it again without a byte.
  const response = await fetch(url, { cache: 'force-cache' });
  if (isPage(response)) await keep(url, response);
}

/** A page is kept only once every file that it names is kept: a half-loaded new version never replaces a whole old one. */
async function keep(url: string, response: Response): Promise<void> {
  const text = await response.clone().text();
  const named = text.match(/\/survey\/assets\/[\w.-]+/g) ?? [];
  const files = await caches.open(filesCache);
  for (const file of new Set(named)) {
    if ((await caches.match(file)) === undefined) await files.add(file);
  }
  await (await caches.open(pagesCache)).put(url, response);
  await dropOldFiles(named);
}

/** Caches of older builds go when no kept page can need them any more. */
async function dropOldFiles(named: readonly string[]): Promise<void> {
  const mine = new Set<string>([...SURVEY_FILES, ...SURVEY_LATE_FILES]);
  if (!named.every((file) => mine.has(file))) return;
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('survey-files-') && name !== filesCache);
  await Promise.all(old.map((name) => caches.delete(name)));
}

export {};
