/** Read by the page and by its worker: the Cache API is the one store that both reach without a schema. */
const cacheName = 'zimnik-surfaces';

/** The surfaces (`field`, `office`) that were opened in this browser and so must open without a network. */
export async function keptSurfaces(): Promise<readonly string[]> {
  const keys = await (await caches.open(cacheName)).keys();
  return keys.map(({ url }) => new URL(url).pathname.slice(1));
}

/** Remembers, for this and every later version of the app, that a surface is used in this browser. */
export async function rememberSurface(surface: 'field' | 'office'): Promise<void> {
  await (await caches.open(cacheName)).put(`/${surface}`, new Response());
}
