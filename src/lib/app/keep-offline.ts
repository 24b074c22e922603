import { keptSurfaces, rememberSurface } from './kept-surfaces.ts';
import type { Surface } from './principals.ts';

/** The surface that an address belongs to; connecting a device leads to the field notebook. */
export function surfaceOf(pathname: string): Surface | undefined {
  if (/^\/(?:field|enrol)(?:\/|$)/.test(pathname)) return 'field';
  return /^\/office(?:\/|$)/.test(pathname) ? 'office' : undefined;
}

/** Has the workers of this browser keep a surface too, when they do not yet. */
export async function keepSurface(surface: Surface): Promise<void> {
  if ((await keptSurfaces()).includes(surface)) return;
  await rememberSurface(surface);
  const registration = await navigator.serviceWorker.getRegistration();
  for (const worker of [registration?.active, registration?.waiting]) worker?.postMessage({ type: 'KEEP' });
}

/** Does everything used in this browser open without a network? What is missing is fetched first. */
export async function opensOffline(): Promise<boolean> {
  const worker = navigator.serviceWorker?.controller ?? null;
  if (worker === null) return false;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === true);
  });
  worker.postMessage({ type: 'KEEP' }, [port2]);
  return answer;
}
