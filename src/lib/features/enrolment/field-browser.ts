/** Why field work cannot begin in this window; undefined = nothing stands in the way. */
export type Obstacle = 'insecure' | 'safari_window' | 'storage';

/**
 * Looks whether this window keeps what is written. Safari deletes the data of pages that are not on the home screen
 * after seven days, so there nothing may be entered.
 */
export async function findObstacle(): Promise<Obstacle | undefined> {
  if (!window.isSecureContext) return 'insecure';
  if (isSafari() && !isInstalled()) return 'safari_window';
  return (await canStore()) ? undefined : 'storage';
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

/** Writes one row to a database of its own and reads it back. */
async function canStore(): Promise<boolean> {
  try {
    localStorage.getItem('zimnik.probe');
    return await new Promise<boolean>((resolve) => {
      const opening = indexedDB.open('zimnik/probe', 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore('probe');
      opening.onerror = () => resolve(false);
      opening.onblocked = () => resolve(false);
      opening.onsuccess = () => {
        const database = opening.result;
        const writing = database.transaction('probe', 'readwrite');
        writing.objectStore('probe').put('there', 'key');
        writing.oncomplete = () => finish(true);
        writing.onabort = () => finish(false);
        function finish(stored: boolean): void {
          database.close();
          resolve(stored);
        }
      };
    });
  } catch {
    // A window that forbids storage throws at once.
    return false;
  }
}
