import type { DemoBatch, DemoChange, DemoDevice, DemoOperation } from './batch.ts';

/** As many changes as one operation may carry. */
const changesTogether = 20;

/** Collects the exchanges of a history in any order. */
export interface Timeline {
  /** One exchange of a device: the changes, twenty to an operation, all written at the moment of the exchange. */
  exchange(device: DemoDevice, at: number, changes: readonly DemoChange[]): void;
  /** An exchange with operations of its own times. */
  push(batch: DemoBatch): void;
  /** In historical order; at one moment, in the order of adding. */
  batches(): readonly DemoBatch[];
}

export function createTimeline(): Timeline {
  const batches: DemoBatch[] = [];
  return {
    exchange: (device, at, changes) => {
      const { id, role, user } = device;
      batches.push({ device: id, role, user, at, operations: together(at, user, changes) });
    },
    push: (batch) => batches.push(batch),
    batches: () =>
      batches
        .filter((batch) => batch.operations.length > 0 || batch.waiting !== undefined)
        .sort((left, right) => left.at - right.at)
  };
}

/** Changes as operations of at most twenty. */
export function together(w: number, by: string, changes: readonly DemoChange[]): readonly DemoOperation[] {
  const operations: DemoOperation[] = [];
  for (let from = 0; from < changes.length; from += changesTogether) {
    operations.push({ w, by, changes: changes.slice(from, from + changesTogether) });
  }
  return operations;
}
