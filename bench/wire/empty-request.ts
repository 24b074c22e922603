import type { SyncRequest } from '#domain/sync/protocol.ts';

/** What a device asks that holds nothing yet and has nothing to send. */
export function emptyRequest(device: string, maxBytes: number): SyncRequest {
  return {
    z: 1,
    device,
    epoch: null,
    build: 'bench',
    now: Date.now(),
    clock: 0,
    oldestPending: null,
    pending: 0,
    head: null,
    ops: [],
    cursors: {},
    maxBytes
  };
}
