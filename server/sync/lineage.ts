import type { Parent } from '#domain/sync/apply.ts';
import type { DeviceRow, ReadSnapshot } from '#server/storage/server-storage.ts';

/** Reads where a device was forked from, up to its first ancestor, into `lineage`. */
export async function readLineage(
  snapshot: ReadSnapshot,
  centre: string,
  device: Pick<DeviceRow, 'id' | 'parent' | 'parentFrom'> | undefined,
  lineage: Map<string, Parent>
): Promise<void> {
  let current = device;
  while (current !== undefined && !lineage.has(current.id)) {
    if (current.parent === null || current.parentFrom === null) return;
    lineage.set(current.id, { device: current.parent, from: current.parentFrom });
    current = await snapshot.device(centre, current.parent);
  }
}

/** All forks of a centre. */
export async function wholeLineage(
  snapshot: ReadSnapshot,
  centre: string
): Promise<ReadonlyMap<string, Parent>> {
  const lineage = new Map<string, Parent>();
  for (const device of await snapshot.devices(centre)) {
    if (device.parent !== null && device.parentFrom !== null)
      lineage.set(device.id, { device: device.parent, from: device.parentFrom });
  }
  return lineage;
}

export function ancestorsOf(device: string, lineage: ReadonlyMap<string, Parent>): ReadonlySet<string> {
  const ancestors = new Set<string>();
  let parent = lineage.get(device);
  while (parent !== undefined && !ancestors.has(parent.device)) {
    ancestors.add(parent.device);
    parent = lineage.get(parent.device);
  }
  return ancestors;
}
