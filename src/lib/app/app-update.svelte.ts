import { whenRead } from '$lib/storage/first-readings.ts';
import { nothingUnsaved } from './unsaved-work.ts';

export type UpdateState = 'none' | 'ready' | 'unsaved' | 'applying';

/**
 * The app's own next version: it is fetched in the background, waits, and is applied only when the person agrees
 * and no tab holds a half-filled form.
 */
export class AppUpdate {
  #state = $state<UpdateState>('none');
  #waiting: ServiceWorker | undefined;

  get state(): UpdateState {
    return this.#state;
  }

  /**
   * Registers the worker, after `prepare`, and watches for a next version; records are on the screen first. Without workers
   * (plain http) it only prepares.
   */
  async start(prepare: () => Promise<void>): Promise<void> {
    await whenRead();
    await prepare();
    if (!('serviceWorker' in navigator)) return;
    const workers = navigator.serviceWorker;
    // The first worker takes over a page that had none: nothing to reload then.
    let hadController = workers.controller !== null;
    workers.addEventListener('controllerchange', () => {
      if (hadController) location.reload();
      hadController = true;
    });
    const registration = await workers.register('/service-worker.js');
    this.#offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const next = registration.installing;
      next?.addEventListener('statechange', () => {
        if (next.state === 'installed' && workers.controller !== null) this.#offer(next);
      });
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void lookForUpdate(registration);
    });
  }

  /** Applies the waiting version, which reloads every tab; refuses while something is half-filled. */
  async apply(): Promise<void> {
    if (!(await nothingUnsaved())) {
      this.#state = 'unsaved';
      return;
    }
    this.#state = 'applying';
    this.#waiting?.postMessage({ type: 'SKIP_WAITING' });
  }

  #offer(worker: ServiceWorker | null): void {
    if (worker === null) return;
    this.#waiting = worker;
    this.#state = 'ready';
  }
}

/** An installed app may stay open for weeks; browsers look for a new worker only when a page is loaded. */
async function lookForUpdate(registration: ServiceWorkerRegistration): Promise<void> {
  if (!navigator.onLine) return;
  try {
    await registration.update();
  } catch (error) {
    // A weak connection: the next time the app comes to the front it asks again.
    console.info('The check for a new version did not get through', error);
  }
}
