import type { DeviceLine } from './requests.ts';

/** Names of devices by their ids. */
export function deviceNames(devices: readonly DeviceLine[]): ReadonlyMap<string, string> {
  return new Map(devices.map((device) => [device.device, device.name]));
}
