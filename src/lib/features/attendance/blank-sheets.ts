const key = 'zimnik.blank-sheets';
/** Older ones belong to seminars long past. */
const mostKept = 50;

/** Remembers that the blank sheet of a session was put on paper from this device, or opened for it. */
export function rememberBlankSheet(storage: Storage, session: string): void {
  const others = blankSheets(storage).filter((known) => known !== session);
  try {
    storage.setItem(key, [session, ...others].slice(0, mostKept).join(' '));
  } catch (error) {
    // Full storage: only a tick of the check before the trip is missing.
    console.info('The printed sheet was not remembered', error);
  }
}

/** Sessions whose blank sheets were printed from this device, the latest first. */
export function blankSheets(storage: Storage): readonly string[] {
  return (storage.getItem(key) ?? '').split(' ').filter((session) => session !== '');
}
