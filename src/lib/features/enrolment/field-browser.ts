import { isStorageFull } from '$lib/storage/storage-full.ts';

/** Why field work cannot begin in this window; undefined = nothing stands in the way. */
export type Obstacle = 'insecure' | 'safari_window' | 'storage' | 'full';

/**
 * Looks whether this window keeps what is written. Safari deletes the data of pages that are not on the home screen
 * after seven days, so there nothing may be entered.
 */
export async function findObstacle(): Promise<Obstacle | undefined> {
  return windowObstacle() ?? tryToStore();
}

/** What the window itself does not allow; whether it stores is found out only by storing. */
export function windowObstacle(): Obstacle | undefined {
  if (!window.isSecureContext) return 'insecure';
  return isSafari() && !isInstalled() ? 'safari_window' : undefined;
}

/** Opened from the home screen and not in a browser's window. */
export function isInstalled(): boolean {
  return (
    matchMedia('(display-mode: standalone)').matches ||
    ('standalone' in navigator && navigator.standalone === true)
  );
}

function isSafari(): boolean {
  return (
    'standalone' in navigator ||
    (/Safari\//.test(navigator.userAgent) && !/Chrom|Android|CriOS|FxiOS/.test(navigator.userAgent))
  );
}

/** A mark and its record take far less, a day of them about as much, characters. */
const probeLength = 200_000;

/** Writes one row to a database of its own and takes it away again. */
async function tryToStore(): Promise<Obstacle | undefined> {
  try {
    localStorage.getItem('zimnik.probe');
    return await new Promise<Obstacle | undefined>((resolve) => {
      const opening = indexedDB.open('zimnik/probe', 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore('probe');
      opening.onerror = () => resolve(obstacleOf(opening.error));
      opening.onblocked = () => resolve('storage');
      opening.onsuccess = () => {
        const database = opening.result;
        const writing = database.transaction('probe', 'readwrite');
        writing.objectStore('probe').put('x'.repeat(probeLength), 'key');
        writing.oncomplete = () => {
          const clearing = database.transaction('probe', 'readwrite');
          clearing.objectStore('probe').clear();
          clearing.oncomplete = () => finish(undefined);
          clearing.onabort = () => finish(obstacleOf(clearing.error));
        };
        writing.onabort = () => finish(obstacleOf(writing.error));
        function finish(obstacle: Obstacle | undefined): void {
          database.close();
          resolve(obstacle);
        }
      };
    });
  } catch {
    // A window that forbids storage throws at once.
    return 'storage';
  }
}

function obstacleOf(error: DOMException | null): Obstacle {
  return isStorageFull(error) ? 'full' : 'storage';
}
