import type { DeviceHealth } from '#domain/sync/protocol.ts';
import { wasWiped } from './canary.ts';
import type { Surface } from './principals.ts';

interface BatteryNavigator {
  /** 0 … 1 */
  readonly getBattery: () => Promise<{ readonly level: number }>;
}

/** What this browser says of its storage and battery; what it does not tell is left out. */
export async function deviceHealth(surface: Surface): Promise<DeviceHealth> {
  const persisted = await navigator.storage?.persisted?.().catch(() => undefined);
  const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
  const battery = await readBattery();
  const free =
    estimate?.quota === undefined || estimate.usage === undefined
      ? undefined
      : estimate.quota - estimate.usage;
  return {
    ...(persisted === undefined ? {} : { persisted }),
    ...(free === undefined ? {} : { free }),
    ...(battery === undefined ? {} : { battery }),
    ...(wasWiped(localStorage, surface, Date.now()) ? { wiped: true } : {})
  };
}

/** Below this, bytes, what the centre has for good makes room for what it has not. */
const shortBytes = 200_000_000;
/** Below this no photo is taken any more: the rest is kept for marks. */
const noPhotosBytes = 50_000_000;

/** Whether this browser says that space is running out. */
export async function isSpaceShort(): Promise<boolean> {
  return (await freeBytes()) < shortBytes;
}

/** Whether there is still room for photos beside marks. */
export async function hasRoomForPhotos(): Promise<boolean> {
  return (await freeBytes()) >= noPhotosBytes;
}

async function freeBytes(): Promise<number> {
  const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
  if (estimate?.quota === undefined || estimate.usage === undefined) return Infinity;
  return estimate.quota - estimate.usage;
}

/** Battery in percent; only Chromium tells it. */
export async function readBattery(): Promise<number | undefined> {
  if (!hasBattery(navigator)) return undefined;
  try {
    const battery = await navigator.getBattery();
    return Math.round(battery.level * 100);
  } catch {
    // Some browsers forbid it in this context: as good as not having it.
    return undefined;
  }
}

function hasBattery(browser: object): browser is BatteryNavigator {
  return 'getBattery' in browser && typeof browser.getBattery === 'function';
}
