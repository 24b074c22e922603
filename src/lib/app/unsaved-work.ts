const lockName = 'zimnik-unsaved';

/**
 * Tells every tab of this browser that a form here holds what is not written yet; no update is applied meanwhile.
 * The lock ends with the tab, so a crash cannot block updates for ever.
 * @returns the release, to be called when the form is written or closed
 */
export function holdUnsaved(): () => void {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  void navigator.locks.request(lockName, { mode: 'shared' }, () => held);
  return () => release();
}

/** Is nothing half-filled in any tab? */
export async function nothingUnsaved(): Promise<boolean> {
  return navigator.locks.request(lockName, { ifAvailable: true }, (lock) => lock !== null);
}
