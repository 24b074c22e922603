declare const self: ServiceWorkerGlobalScope;

/** Put in by the build: addresses of the files that every page needs, and a name that changes when any file does. */
declare const SURVEY_FILES: readonly string[];
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

/** The address of a page that was loaded before this worker was there. */
self.addEventListener('message', (event) => {
  if (typeof event.data === 'string') event.waitUntil(keepPage(event.data));
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
  const files = await caches.open(filesCache);
  for (const file of await filesNamedBy(response.clone())) {
    if ((await files.match(file)) === undefined) await files.add(file);
  }
  const pages = await caches.open(pagesCache);
  await pages.put(url, response);
  await dropOldFiles(files, await pages.matchAll());
}

/** Its script, its style, the words of its language, and what only some forms need. */
async function filesNamedBy(page: Response): Promise<ReadonlySet<string>> {
  return new Set((await page.text()).match(/\/survey\/assets\/[\w.-]+/g));
}

/** Files of older builds go when no kept page can need them any more: a phone may hold pages of several surveys. */
async function dropOldFiles(files: Cache, pages: readonly Response[]): Promise<void> {
  for (const page of pages)
    for (const file of await filesNamedBy(page)) if ((await files.match(file)) === undefined) return;
  for (const name of await caches.keys())
    if (name.startsWith('survey-files-') && name !== filesCache) await caches.delete(name);
}

export {};
